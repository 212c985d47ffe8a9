import type { Value } from '../../template';
import { valueAt } from '../../template';
import type { Answer } from '../answer';
import { isOneOf, not } from '../answer';
import { DEFINITION_TYPES, stepsCalling } from '../definitions/definition';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM24`. */
export const registerPending: Rule = {
  id: 'AISec-SM24',
  name: 'RegisterPending',
  title: 'Nothing registers a model as approved',
  severity: 'CRITICAL',
  controls: ['ML7'],
  threats: ['AML.T0018', 'AML.CS0028'],
  why: 'A version that is born approved is deployed at once: nobody but its author has seen it.',
  remedy: 'Leave ModelApprovalStatus at PendingManualApproval and let the gate, or a person who is not the author, approve.',
  example: "new sagemaker.CfnModelPackage(this, 'Version', { modelApprovalStatus: 'PendingManualApproval', ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html',
  types: ['AWS::SageMaker::ModelPackage', ...DEFINITION_TYPES],
  check: (subject) => {
    const born = (value: Value | undefined): Answer => not(isOneOf('Approved')(value));
    if (subject.resource.type === 'AWS::SageMaker::ModelPackage') {
      return subject.require('ModelApprovalStatus', born, 'the version is approved at birth');
    }
    return stepsCalling(subject.resource, 'sagemaker:createModelPackage').map(({ name, path, request }) =>
      judged(born(valueAt(request, ['ModelApprovalStatus'])), `${name} registers versions as approved`, `${path}.ModelApprovalStatus`),
    );
  },
};
