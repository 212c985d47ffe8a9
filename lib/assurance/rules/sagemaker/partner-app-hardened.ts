import type { Rule } from '../rule';

/** `AISec-SM41`. */
export const partnerAppHardened: Rule = {
  id: 'AISec-SM41',
  name: 'PartnerAppHardened',
  title: 'A partner app has a key of your own, and its calls carry the name of the user',
  severity: 'MEDIUM',
  controls: ['PG5', 'DP2b'],
  threats: ['AML.T0010'],
  why: 'The software of a vendor sees models and data; without the user in the session nobody can say for whom.',
  remedy: 'Set KmsKeyId and EnableIamSessionBasedIdentity.',
  example: "new sagemaker.CfnPartnerApp(this, 'App', { kmsKeyId: key.keyArn, enableIamSessionBasedIdentity: true, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/partner-apps-onboard.html',
  types: ['AWS::SageMaker::PartnerApp'],
  check: (app) => [
    app.requirePresent('KmsKeyId', 'the data of the app is under a key of AWS'),
    app.requireTrue('EnableIamSessionBasedIdentity', 'calls of the app do not carry the name of the user'),
  ],
};
