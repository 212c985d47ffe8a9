/**
 * The reference platform: a fraud-scoring service with a training account, its model stores in the three security profiles, and two models
 * behind a gateway in staging and in production.
 *
 * It uses the library as an app would. The stores bring the network that their accounts have already; the training account has its own,
 * with its audit trail, and models are served in a network of their own. It is what `npm start` synthesises.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Environment } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuditTrail, LogArchive, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import { ComplianceChecks, SecureAiChecks } from 'cdk-secure-ai/assurance';
import { AccountLogRole, GatewayExposure, InferenceBudget, InferenceGateway, ModelImage, SecureInferenceEndpoint } from 'cdk-secure-ai/inference';
import { ApprovalGate, ApprovedModel, DeployCheck, ModelArtifactBucket, ModelPromoter, ModelRegistry, ModelScanner, ModelSigner, Retirement } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { SecureTrainingEnv, TrainingGuard } from 'cdk-secure-ai/training';

/** What a version must show before a person is asked: who built it, and that it is good enough on data that is not old. */
const GATE_POLICY = {
  schema: 'cdk-secure-ai/gate-policy/v1',
  name: 'fraud-scoring',
  builders: ['https://example.com/fraud-training'],
  maxAgeDays: 30,
  requirements: [{ metric: 'auc', min: 0.9 }],
};

/** The keys that signers of models and of evidence hold: the public halves. */
const TRUST = fs.readFileSync(path.join(__dirname, 'fraud-trust.json'), 'utf8');

interface FraudModelsProps {
  readonly env: Environment;
  readonly posture: (stack: Stack) => SecurityPostureProps;
}

/** The model store of one environment: what is uploaded is scanned, promoted, signed, judged by a gate, and checked before it is deployed. */
class FraudModels extends Stack {
  /** What looks at a model before it is deployed, and again each day. */
  public readonly check: DeployCheck;
  private readonly store: ModelArtifactBucket;
  private readonly registry: ModelRegistry;
  private readonly network: { readonly vpc: IVpc; readonly securityGroups: ISecurityGroup[] };

  constructor(app: App, id: string, props: FraudModelsProps) {
    super(app, id, { env: props.env });
    SecurityPosture.attach(this, props.posture(this));

    const store = this.store = new ModelArtifactBucket(this, 'Models', { dataClass: DataClass.CONFIDENTIAL });
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['a', 'b'].map((zone) => `${this.region}${zone}`),
      isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
      isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
    });
    const securityGroups = [SecurityGroup.fromSecurityGroupId(this, 'Endpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false })];
    this.network = { vpc, securityGroups };
    const scanner = new ModelScanner(this, 'Scanner', { store, ...this.network });
    const signer = new ModelSigner(this, 'Signer', { store, ...this.network });
    new ModelPromoter(this, 'Promoter', { store, scanner, signer, ...this.network });
    this.registry = new ModelRegistry(this, 'Registry', { groupName: 'fraud-scoring' });
    const gate = new ApprovalGate(this, 'Gate', {
      registry: this.registry,
      store,
      ...this.network,
      policy: JSON.stringify(GATE_POLICY),
      modelTrust: TRUST,
      evidenceTrust: TRUST,
      approvers: [Role.fromRoleArn(this, 'Approvers', this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'model-approvers' }))],
    });
    this.check = new DeployCheck(this, 'DeployCheck', { store, gate, ...this.network });
  }

  /** Takes models out of use when their year is over: it stands here, since the store's policy names its role. */
  public retirement(): Retirement {
    return new Retirement(this, 'Retirement', { registry: this.registry, store: this.store, ...this.network });
  }
}

interface FraudServingProps extends FraudModelsProps {
  readonly models: FraudModels;
}

/** What answers requests: two models of an environment's store behind one gateway, each in containers without network. */
class FraudServing extends Stack {
  constructor(app: App, id: string, props: FraudServingProps) {
    super(app, id, { env: props.env });
    SecurityPosture.attach(this, props.posture(this));

    const { check } = props.models;
    const retirement = props.models.retirement();
    const segment = new NetworkSegment(this, 'Network');
    const gateway = new InferenceGateway(this, 'Gateway', { exposure: GatewayExposure.regional(), segment, accountLogRole: AccountLogRole.create() });
    const features = { type: JsonSchemaType.ARRAY, minItems: 30, maxItems: 30, items: { type: JsonSchemaType.NUMBER } };
    const digests = { score: `sha256-${'0a1b2c3d'.repeat(8)}`, explain: `sha256-${'4e5f6a7b'.repeat(8)}` };
    for (const [name, digest] of Object.entries(digests)) {
      const model = new ApprovedModel(this, `Model-${name}`, { check, prefix: `models/${name}/${digest}/` });
      const key = retirement.newVolumeKey(name);
      const target = new SecureInferenceEndpoint(this, `Endpoint-${name}`, {
        model,
        image: ModelImage.fromUri(`${this.account}.dkr.ecr.${this.region}.amazonaws.com/fraud-serving@sha256:${'9f86d081'.repeat(8)}`),
        segment,
        key,
      });
      retirement.addEndpoint(target.endpointName, model, key);
      gateway.addRoute(name, {
        target,
        input: { type: JsonSchemaType.OBJECT, properties: { features }, required: ['features'], additionalProperties: false },
      });
    }
    gateway.addConsumer('Payments');
    new InferenceBudget(this, 'Budget', { monthlyLimit: 5_000 });
  }
}

/** The account in which models are trained: its own network without a way out, its audit, and jobs that write to quarantine only. */
class FraudTraining extends Stack {
  constructor(app: App, id: string, props: FraudModelsProps) {
    super(app, id, { env: props.env });
    SecurityPosture.attach(this, props.posture(this));

    const archive = new LogArchive(this, 'Archive');
    new AuditTrail(this, 'Trail', { archive });
    new ThreatDetection(this, 'Threats', { detector: ThreatDetector.create(), archive });

    const segment = new NetworkSegment(this, 'Network');
    const store = new ModelArtifactBucket(this, 'Models', { dataClass: DataClass.CONFIDENTIAL });
    new ModelPromoter(this, 'Promoter', { store, segment });

    const training = new SecureTrainingEnv(this, 'Training', { segment, artifacts: store });
    training.addJob('fraud', {
      datasets: { train: { bucket: Bucket.fromBucketName(this, 'Transactions', `fraud-transactions-${this.account}`), prefix: 'labelled' } },
      repositories: [Repository.fromRepositoryName(this, 'Images', 'fraud-training')],
      instanceTypes: ['ml.m5.xlarge', 'ml.g5.xlarge'],
    });
    TrainingGuard.managedPolicies(this, 'Guard');
  }
}

const app = new App();
const allowedRegions = ['eu-central-1'];

new FraudTraining(app, 'FraudTraining', {
  env: { account: '444444444444', region: 'eu-central-1' },
  posture: (stack) => ({
    allowedRegions,
    organizationId: 'o-a1b2c3d4e5',
    alarmTopic: Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-central-1:444444444444:on-call'),
    tags: { environment: 'training', ownerTeam: 'fraud-scoring' },
  }),
});

new FraudModels(app, 'FraudModelsDevelopment', {
  env: { account: '111111111111', region: 'eu-central-1' },
  posture: () => ({
    profile: SecurityProfile.BASELINE,
    allowedRegions,
    tags: { environment: 'development', ownerTeam: 'fraud-scoring' },
  }),
});

const staging: FraudModelsProps = {
  env: { account: '222222222222', region: 'eu-central-1' },
  posture: (stack) => ({
    allowedRegions,
    organizationId: 'o-a1b2c3d4e5',
    alarmTopic: Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-central-1:222222222222:on-call'),
    tags: { environment: 'staging', ownerTeam: 'fraud-scoring' },
  }),
};
new FraudServing(app, 'FraudServingStaging', { ...staging, models: new FraudModels(app, 'FraudModelsStaging', staging) });

const production: FraudModelsProps = {
  env: { account: '333333333333', region: 'eu-central-1' },
  posture: (stack) => ({
    profile: SecurityProfile.HIGH_ASSURANCE,
    allowedRegions,
    organizationId: 'o-a1b2c3d4e5',
    perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'] },
    alarmTopic: Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-central-1:333333333333:on-call'),
    tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
    operators: { breakGlassRoleArns: ['arn:aws:iam::333333333333:role/break-glass'] },
  }),
};
new FraudServing(app, 'FraudServingProduction', { ...production, models: new FraudModels(app, 'FraudModelsProduction', production) });

ComplianceChecks.addTo(app);
SecureAiChecks.addTo(app);
app.synth();
