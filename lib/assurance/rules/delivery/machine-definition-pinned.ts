import { any, isPresent, matches } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SF03`. */
export const machineDefinitionPinned: Rule = {
  id: 'AISec-SF03',
  name: 'MachineDefinitionPinned',
  title: 'A state machine definition that lies in a bucket is named by its version',
  severity: 'HIGH',
  controls: ['RT6'],
  threats: ['AML.T0010'],
  why: 'Whoever can write to the bucket changes what the state machine does, with its role, at the next deployment.',
  remedy: 'Put the definition into the template, name its Version, or put it under the hash of its content as the CDK does.',
  example: "definitionBody: sfn.DefinitionBody.fromFile('train.asl.json')",
  source:
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-stepfunctions-statemachine-s3location.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine) => {
    const path = 'DefinitionS3Location';
    if (isPresent(machine.at(path)) === 'NO') return undefined;
    const hashed = matches(/[0-9a-f]{64}/)(machine.at(`${path}.Key`));
    const pinned = any([isPresent(machine.at(`${path}.Version`)), hashed === 'YES' ? 'YES' : 'NO']);
    return judged(pinned, 'the definition changes with the file in the bucket', `${path}.Version`);
  },
};
