/** What neither the reference platform nor an example holds, for cfn-lint: a registry with its approval gate, and everybody who asks it. */
import { App, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ApprovalGate, ModelArtifactBucket, ModelRegistry } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';

const env = { account: '333333333333', region: 'eu-central-1' };
const app = new App();
const stack = new Stack(app, 'Approval', { env });
SecurityPosture.attach(stack, { alarmTopic: Topic.fromTopicArn(stack, 'OnCall', `arn:aws:sns:${env.region}:${env.account}:on-call`) });
const registry = new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring', description: 'Scores transactions' });
const gate = new ApprovalGate(stack, 'Gate', {
  registry,
  store: new ModelArtifactBucket(stack, 'Models'),
  segment: new NetworkSegment(stack, 'Network'),
  policy: GATE_POLICY,
  modelTrust: GATE_TRUST,
  evidenceTrust: GATE_TRUST,
  approvers: [Role.fromRoleArn(stack, 'Approvers', `arn:aws:iam::${env.account}:role/approvers`)],
});
const pipeline = Role.fromRoleArn(stack, 'Pipeline', `arn:aws:iam::${env.account}:role/pipeline`);
registry.grantRegister(pipeline);
gate.grantRequest(pipeline);
gate.grantEvidence(pipeline);
app.synth();
