import { App, Stack, Tags, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Effect, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import type { Evidence, ProofEvidence } from '../../../lib/assurance/evidence/evidence';
import { gatherEvidence } from '../../../lib/assurance/evidence/gather-evidence';
import { markdownOf } from '../../../lib/assurance/formats/markdown';
import { oscalAssessmentResults, oscalComponentDefinition } from '../../../lib/assurance/formats/oscal';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../../lib/assurance/template-source';

const ROLE = 'arn:aws:iam::111111111111:role/inference';
const ISOLATION = RULE_PACK.filter(({ id }) => id === 'AISec-SM01');
const ENV = { account: '111111111111', region: 'eu-central-1' };

function evidenceOf(build: (stack: Stack) => void, proofs: readonly ProofEvidence[] = []): Evidence {
  const app = new App();
  build(new Stack(app, 'Stack', { env: ENV }));
  const { directory } = app.synth();
  const model = TemplateModel.of(readAssembly(directory));
  return gatherEvidence({ model, metadata: ConstructMetadata.read(directory), rules: ISOLATION, proofs, version: '1.2.3' });
}

function statusOf({ controls }: Evidence, id: string): string | undefined {
  return controls.find((control) => control.id === id)?.status;
}

const isolated = (stack: Stack) => new CfnModel(stack, 'Model', { executionRoleArn: ROLE, enableNetworkIsolation: true });
const open = (stack: Stack) => new CfnModel(stack, 'Model', { executionRoleArn: ROLE });
const declared = (stack: Stack) => stack.node.addMetadata('cdk-secure-ai:controls', ['RT1', 'PG4']);
const proof = (verdict: ProofEvidence['verdict']): ProofEvidence => ({ id: 'A6', title: 'no way out', controls: ['RT1'], verdict, layers: [], details: [], assumptions: ['names stay'] });

describe('the status of a control', () => {
  test.each<[string, (stack: Stack) => void, readonly ProofEvidence[], string]>([
    ['is not built where nothing speaks of it', () => undefined, [], 'NOT_BUILT'],
    ['is declared, no more, where a construct claims it and nothing shows it', (s) => declared(s), [], 'DECLARED'],
    ['is checked where a rule found something to judge and nothing wrong', isolated, [], 'CHECKED'],
    ['is open where a rule is violated, whatever is declared or proven', (s) => [open(s), declared(s)], [proof('PROVED')], 'OPEN'],
    ['is proven where a proof holds', isolated, [proof('PROVED')], 'PROVEN'],
    ['is not proven by a vacuous proof', (s) => declared(s), [proof('PROVED_VACUOUSLY')], 'DECLARED'],
    ['is not proven by an attack that has no subject', (s) => declared(s), [proof('NOT_APPLICABLE')], 'DECLARED'],
    ['is open where a proof is refuted', isolated, [proof('PROVED'), proof('REFUTED')], 'OPEN'],
    ['is undetermined where a proof is', isolated, [proof('UNDETERMINED')], 'UNDETERMINED'],
  ])('%s', (_, build, proofs, status) => {
    expect(statusOf(evidenceOf(build, proofs), 'RT1')).toBe(status);
  });

  test('an acknowledged finding does not open it, and does not check it either', () => {
    const evidence = evidenceOf((stack) => Validations.of(open(stack)).acknowledge({ id: 'SecureAi::AISec-SM01', reason: 'licence server' }));
    expect(statusOf(evidence, 'RT1')).toBe('NOT_BUILT');
    expect(evidence.acknowledged).toEqual([expect.objectContaining({ reason: 'licence server', acknowledgedAt: 'Stack/Model' })]);
  });
});

test('weaker choices are listed with what is left of their time, for the day of the posture', () => {
  const evidence = evidenceOf((stack) => {
    SecurityPosture.attach(stack, {
      evaluationDate: '2026-11-24',
      perimeter: { presignedUrls: WeakerChoice.of({ reason: 'vendor', owner: 'platform', expires: '2026-12-24' }) },
    });
    new ModelArtifactBucket(stack, 'Models');
  });
  expect(evidence.evaluationDate).toBe('2026-11-24');
  expect(evidence.weakerChoices).toEqual([expect.objectContaining({ owner: 'platform', expires: '2026-12-24', daysLeft: 30 })]);
});

test('the inventory tells class, place and key, whether the key is named directly or through an alias', () => {
  const { inventory } = evidenceOf((stack) => {
    const key = new Key(stack, 'Key');
    const bucket = new Bucket(stack, 'Data', { encryptionKey: key });
    Tags.of(bucket).add('DataClassification', 'restricted');
    new Bucket(stack, 'Aliased', { encryptionKey: key.addAlias('data') });
    new Bucket(stack, 'Plain');
  });
  const named = (part: string) => inventory.find(({ resource }) => resource.startsWith(`Stack/${part}`));
  const key = named('Key')?.resource;
  expect(named('Data')).toMatchObject({ dataClass: 'restricted', region: 'eu-central-1', account: '111111111111', keys: [key] });
  expect(named('Aliased')?.keys).toEqual([key]);
  expect(named('Plain')).toMatchObject({ keys: [] });
});

describe('the access map shows what a role may do', () => {
  const grantsWith = (denial: { readonly resources: string[] } | { readonly notResources: string[] }) =>
    evidenceOf((stack) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
      new ManagedPolicy(stack, 'Policy', {
        roles: [role],
        statements: [
          new PolicyStatement({ actions: ['sagemaker:CreateModel', 'sagemaker:DeleteModel', 'logs:PutLogEvents'], resources: ['*'] }),
          new PolicyStatement({ effect: Effect.DENY, actions: ['sagemaker:DeleteModel'], ...denial }),
        ],
      });
    }).access;

  test('less what it is denied outright', () => {
    expect(grantsWith({ resources: ['*'] })).toEqual([
      expect.objectContaining({ grants: [{ actions: ['sagemaker:CreateModel'], resources: ['*'], conditions: [] }], boundary: false }),
    ]);
  });

  test('and keeps what is denied on all but some resources: there it stays allowed', () => {
    const kept = [{ actions: ['sagemaker:CreateModel', 'sagemaker:DeleteModel'], resources: ['*'], conditions: [] }];
    expect(grantsWith({ notResources: ['arn:aws:sagemaker:*:*:model/fraud-*'] })).toEqual([expect.objectContaining({ grants: kept })]);
  });

  test('and does not show what an Allow leaves out as what it grants', () => {
    const { access } = evidenceOf((stack) => {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
      const statement = new PolicyStatement({ actions: ['s3:GetObject'], notResources: ['arn:aws:s3:::payroll/*'] });
      new ManagedPolicy(stack, 'Policy', { roles: [role], statements: [statement] });
    });
    expect(access.map(({ grants }) => grants.map(({ resources }) => resources))).toEqual([[['everything but arn:aws:s3:::payroll/*']]]);
  });
});

describe('formats', () => {
  const build = (stack: Stack) => {
    open(stack);
    declared(stack);
  };

  test('have the same bytes for the same app', () => {
    const [one, other] = [evidenceOf(build), evidenceOf(build)].map((evidence) => {
      const options = { day: '2026-11-24', subject: 'app' };
      // The place in the code is the same, the directory of the assembly is not part of the evidence.
      return JSON.stringify([evidence, markdownOf(evidence), oscalComponentDefinition(evidence, options), oscalAssessmentResults(evidence, options)]);
    });
    expect(one).toBe(other);
  });

  test('Markdown lets no text of a template become markup', () => {
    const evidence = evidenceOf((stack) => Tags.of(new Bucket(stack, 'Data')).add('DataClassification', '| <script>`x`</script>\n# head'));
    expect(markdownOf(evidence)).toContain('\\| \\<script\\>\\`x\\`\\</script\\> \\# head');
  });

  test('OSCAL says satisfied only where rules or proofs show it', () => {
    const state = (evidence: Evidence, nist: string) => {
      const document = oscalAssessmentResults(evidence, { day: '2026-11-24', subject: 'app' }) as {
        'assessment-results': { results: { findings?: { target: { 'target-id': string; status: { state: string } } }[] }[] };
      };
      return document['assessment-results'].results[0].findings?.find(({ target }) => target['target-id'] === `${nist}_obj`)?.target.status.state;
    };
    // ML3 and RT1 stand behind sc-7.21: one of them alone shows half of it.
    expect(state(evidenceOf(isolated, [{ ...proof('PROVED'), controls: ['ML3'] }]), 'sc-7.21')).toBe('satisfied');
    expect(state(evidenceOf(isolated), 'sc-7.21'), 'checked, and not built').toBe('not-satisfied');
    expect(state(evidenceOf(() => undefined), 'sc-7.21'), 'nothing of it is built').toBeUndefined();
    expect(state(evidenceOf(open), 'sc-7.21')).toBe('not-satisfied');
    expect(state(evidenceOf((s) => declared(s)), 'sc-7.21')).toBe('not-satisfied');
  });
});
