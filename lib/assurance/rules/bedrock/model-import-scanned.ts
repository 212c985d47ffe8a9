import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { mayStart } from './machine-role';
import { calledBy, machineStates } from './state-machine-states';

const CHECKS = /scan|verif|sign|attest|malware|provenance/i;

/** `AISec-BR23`. */
export const modelImportScanned: Rule = {
  id: 'AISec-BR23',
  name: 'ModelImportScanned',
  title: 'A model from outside is scanned or its signature verified before it is imported',
  severity: 'HIGH',
  controls: ['ML6', 'SC4'],
  threats: ['AML.T0018.002', 'AML.T0010.003', 'LLM03'],
  why: 'A published model file carries a backdoor or code; once imported it answers with the trust that the platform has.',
  remedy: 'Put a step that scans the files or verifies their signature before CreateModelImportJob, and end in Fail when it finds something.',
  example: '"StartAt": "ScanModel", "States": { "ScanModel": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Import" } }',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-import-model.html',
  types: ['AWS::StepFunctions::StateMachine'],
  evidenceOnly: true,
  check: ({ app, resource }) => {
    const states = machineStates(resource);
    if (states === undefined) {
      const starts = mayStart(app, resource, 'bedrock:CreateModelImportJob');
      return starts ? undetermined('the definition of a machine that may import models cannot be read') : undefined;
    }
    return states
      .filter((state) => calledBy(state) === 'bedrock:createmodelimportjob')
      .map((state): Judgement => {
        const checked = state.before().some((name) => CHECKS.test(name));
        return checked ? COMPLIANT : violated(`'${state.name}' imports a model that no earlier step scans or verifies`, 'DefinitionString');
      });
  },
};
