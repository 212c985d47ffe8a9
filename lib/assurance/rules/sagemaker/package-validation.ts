import { isOneOf, not } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM25`. */
export const packageValidation: Rule = {
  id: 'AISec-SM25',
  name: 'PackageValidation',
  title: 'A model package does not skip its validation',
  severity: 'MEDIUM',
  controls: ['ML4c'],
  threats: ['AML.T0018'],
  why: 'A package that was never run is offered to consumers as if it had been.',
  remedy: 'Leave SkipModelValidation at None.',
  example: "new sagemaker.CfnModelPackage(this, 'Version', { skipModelValidation: 'None', validationSpecification, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html',
  types: ['AWS::SageMaker::ModelPackage'],
  check: (version) => version.require('SkipModelValidation', (value) => not(isOneOf('All')(value)), 'the package skips its validation'),
};
