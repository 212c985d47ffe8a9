import { BASELINE_FILE } from './entry-edit';
import type { OtherLanguage } from './cdk-app';

/** The lines that add the checks and a first construct to an app by hand. */
export function linesByHand(language: OtherLanguage, version: string): string[] {
  const baseline = `secure-ai check --write-baseline ${BASELINE_FILE}`;
  switch (language) {
    case 'PYTHON':
      return [
        baseline,
        `pip install cdk-secure-ai==${version}`,
        'from cdk_secure_ai.assurance import SecureAiChecks',
        'from cdk_secure_ai.models import ModelArtifactBucket',
        `SecureAiChecks.add_to(app, baseline_file="${BASELINE_FILE}")`,
        'ModelArtifactBucket(stack, "Models")',
      ];
    case 'JAVA':
      return [
        baseline,
        `io.github.cdk-secure-ai:cdk-secure-ai:${version}`,
        'import io.github.cdksecureai.assurance.SecureAiChecks;',
        'import io.github.cdksecureai.assurance.SecureAiChecksProps;',
        'import io.github.cdksecureai.models.ModelArtifactBucket;',
        `SecureAiChecks.addTo(app, SecureAiChecksProps.builder().baselineFile("${BASELINE_FILE}").build());`,
        'new ModelArtifactBucket(stack, "Models");',
      ];
    case 'GO':
      return [
        baseline,
        '"github.com/cdk-secure-ai/cdk-secure-ai-go/cdksecureai/assurance"',
        '"github.com/cdk-secure-ai/cdk-secure-ai-go/cdksecureai/models"',
        `assurance.SecureAiChecks_AddTo(app, &assurance.SecureAiChecksProps{BaselineFile: jsii.String("${BASELINE_FILE}")})`,
        'models.NewModelArtifactBucket(stack, jsii.String("Models"), nil)',
      ];
    case 'UNKNOWN':
      return [
        baseline,
        `npm install --save-exact cdk-secure-ai@${version}`,
        "import { SecureAiChecks } from 'cdk-secure-ai/assurance';",
        "import { ModelArtifactBucket } from 'cdk-secure-ai/models';",
        `SecureAiChecks.addTo(app, { baselineFile: '${BASELINE_FILE}' });`,
        "new ModelArtifactBucket(stack, 'Models');",
      ];
  }
}
