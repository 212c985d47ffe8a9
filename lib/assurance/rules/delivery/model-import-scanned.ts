import { stepsCalling } from '../definitions/definition';
import { mayCall } from '../definitions/may-call';
import { stateMachineDefinition } from '../definitions/state-machine';
import { statesBefore } from '../definitions/state-order';
import { judged, undetermined } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-BR23`. */
export const modelImportScanned: Rule = {
  id: 'AISec-BR23',
  name: 'ModelImportScanned',
  title: 'A model is scanned and verified before Bedrock imports it',
  severity: 'HIGH',
  controls: ['ML6', 'SC4'],
  threats: ['AML.T0018.002', 'AML.T0010.003'],
  why: 'Imported weights answer every request: one swapped file in the bucket is a backdoor behind the API of Bedrock.',
  remedy: 'Put a state that scans the files and verifies their signature before CreateModelImportJob, and stop where it fails.',
  example: "verifySignature.next(new tasks.CallAwsService(this, 'Import', { service: 'bedrock', action: 'createModelImportJob', ... }));",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-import-model.html',
  types: ['AWS::StepFunctions::StateMachine'],
  evidenceOnly: true,
  check: (subject) => {
    const { resource } = subject;
    const { steps, machine, unreadable } = stateMachineDefinition(resource);
    if (unreadable !== undefined) {
      return mayCall(subject, ['bedrock:CreateModelImportJob'])
        ? undetermined(`what runs before an import is not known: ${unreadable}`)
        : undefined;
    }
    return stepsCalling(resource, 'bedrock:createModelImportJob').map(({ name, path }) => {
      const before = machine === undefined ? [] : statesBefore(machine, name);
      const called = steps.filter((step) => before.includes(step.name) && OPAQUE.test(step.action));
      const found = before.some((state) => SCAN.test(state)) ? 'YES' : called.length > 0 ? 'UNKNOWN' : 'NO';
      return judged(found, `${name} imports files that no state before it scans and verifies`, path);
    });
  },
};

const SCAN = /scan|verif|sign(?:ed|ature|ing)?(?![a-z])|attest|provenance/i;
/** Calls of which the definition does not say what they do. */
const OPAQUE = /^(?:lambda:invoke|states:startExecution|codebuild:startBuild|ecs:runTask|batch:submitJob)/;
