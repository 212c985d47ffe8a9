import { Unknown, textParts } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM33`. */
export const noFullAccessPolicy: Rule = {
  id: 'AISec-SM33',
  name: 'NoFullAccessPolicy',
  title: 'No principal has the full-access policies of SageMaker or Bedrock',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0012', 'AML.T0025'],
  why: 'These policies span every bucket with sagemaker in its name, every model and PassRole: one notebook becomes the account.',
  remedy: 'Attach policies of your own that name the actions and resources of the workload.',
  example:
    "new iam.Role(this, 'Execution', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'), " +
    'managedPolicies: [trainingPolicy] });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html',
  types: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
  check: ({ resource }) =>
    placesAt(resource.properties, 'ManagedPolicyArns.*').map(({ path, value }) => {
      if (value instanceof Unknown && value.origin !== undefined) return COMPLIANT;
      const text =
        textParts(value)
          ?.map((part) => (typeof part === 'string' ? part : ' '))
          .join('') ?? ' ';
      if (FULL.test(text)) return violated(`the principal has ${text.replace(/^.*\//, '')}`, path);
      const open = value instanceof Unknown && value.kind === 'PARAMETER';
      return open ? undetermined(`which policy is attached is not known: ${value.reason}`, path) : COMPLIANT;
    }),
};

const FULL =
  /:aws:policy\/(?:service-role\/)?(?:Amazon(?:SageMaker|Bedrock)(?:Limited|Canvas|HyperPod)?FullAccess|BedrockAgentCoreFullAccess)$/;
