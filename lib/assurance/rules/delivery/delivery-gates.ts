import type { Value } from '../../template';
import { valueAt } from '../../template';
import type { Answer } from '../answer';
import { any, isOneOf, matches } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-CI01`. */
export const deliveryGates: Rule = {
  id: 'AISec-CI01',
  name: 'DeliveryGates',
  title: 'A pipeline that delivers models scans and verifies them, and asks a person',
  severity: 'HIGH',
  controls: ['ML6', 'ML7'],
  threats: ['AML.CS0028', 'AML.T0010.003'],
  why: 'Whatever reaches the source bucket or repository, also a file with hidden code, is in production minutes later.',
  remedy: 'Put an action that scans and verifies the signature, and an approval by a person, before the first deployment.',
  example:
    "pipeline.addStage({ stageName: 'Gate', actions: [verifySignature, new " +
    "codepipeline_actions.ManualApprovalAction({ actionName: 'Approve' })] });",
  source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html',
  types: ['AWS::CodePipeline::Pipeline'],
  evidenceOnly: true,
  check: ({ resource, app }) => {
    if (!app.model.resources.some(({ type }) => AI.test(type))) return undefined;
    const actions = placesAt(resource.properties, 'Stages.*.Actions.*').map(({ value }) => value);
    const deploys = actions.findIndex((action) => valueAt(action, ['ActionTypeId', 'Category']) === 'Deploy');
    if (deploys < 0) return undefined;
    const before = actions.slice(0, deploys);
    const approved = before.map((action) => isOneOf('Approval')(valueAt(action, ['ActionTypeId', 'Category'])));
    return [
      judged(any(before.map((action) => isScan(action, app))), 'nothing before the deployment scans and verifies the model', 'Stages'),
      judged(any(approved), 'no person approves before the deployment', 'Stages'),
    ];
  },
};

const AI = /^AWS::(?:SageMaker|Bedrock|BedrockAgentCore)::/;
const SCAN = /scan|verif|sign(?:ed|ature|ing)?\b|attest|provenance/i;

/** Known by the name of the action or of what it runs; a project that is named at deploy time may be one. */
function isScan(action: Value, app: JudgedApp): Answer {
  const named = [valueAt(action, ['Name']), ...RUNS.map((key) => valueAt(action, ['Configuration', key]))];
  return any(
    named.map((name) => {
      const run = app.named(name);
      return matches(SCAN)(run === undefined ? name : `${run.logicalId} ${run.constructPath ?? ''}`);
    }),
  );
}

const RUNS: readonly string[] = ['ProjectName', 'FunctionName', 'StateMachineArn'];
