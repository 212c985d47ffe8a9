"""The app of model-store.ts, written in Python: both must give the same template."""

import sys

from aws_cdk import App, Environment, Stack
from cdk_secure_ai.assurance import CheckResults, ComplianceChecks
from cdk_secure_ai.models import ModelArtifactBucket, SigningKey
from cdk_secure_ai.posture import DataClass, SecurityPosture, SecurityProfile

outdir = sys.argv[1]
app = App(outdir=outdir)
stack = Stack(app, "Models", env=Environment(account="111111111111", region="eu-central-1"))
SecurityPosture.attach(
    stack,
    profile=SecurityProfile.REGULATED,
    allowed_regions=["eu-central-1"],
    organization_id="o-a1b2c3d4e5",
)
store = ModelArtifactBucket(stack, "Store", data_class=DataClass.RESTRICTED)
store.grant_read_to_account("222222222222")
SigningKey(stack, "Signing")
ComplianceChecks.add_to(app)
app.synth()

# A result that another language reads: names and numbers arrive as they were sent.
totals = CheckResults.read(outdir).totals
print(f"open={totals.open:g} acknowledged={totals.acknowledged:g} packs={totals.packs:g}")

# Refusals arrive as exceptions with their text.
try:
    store.grant_read_to_account("12")
except Exception as error:  # jsii raises its own classes
    print(f"refused={'twelve digits' in str(error)}")
