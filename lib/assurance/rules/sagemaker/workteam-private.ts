import { listOf } from '../../template';
import { any, hasItems } from '../answer';
import { judged, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM40`. */
export const workteamPrivate: Rule = {
  id: 'AISec-SM40',
  name: 'WorkteamPrivate',
  title: 'Labelling is done by people whom your identity provider knows, from your network',
  severity: 'HIGH',
  controls: ['ML2'],
  threats: ['AML.T0020'],
  why: 'Whoever gets into the labelling portal relabels the training data: the model learns what the attacker wants.',
  remedy: 'Set MemberDefinitions of Cognito or OIDC groups, and SourceIpConfig or WorkforceVpcConfig of the workforce.',
  example:
    "new sagemaker.CfnWorkforce(this, 'People', { workforceName: 'labels', workforceVpcConfig: { vpcId, subnets, " +
    'securityGroupIds }, oidcConfig });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-private.html',
  types: ['AWS::SageMaker::Workteam', 'AWS::SageMaker::Workforce'],
  check: (subject) => {
    if (subject.resource.type === 'AWS::SageMaker::Workteam') {
      return subject.requireItems('MemberDefinitions', 1, 'the team names no group of your identity provider');
    }
    const ranges = listOf(subject.at('SourceIpConfig.Cidrs'));
    if (ranges.includes('0.0.0.0/0')) return violated('people label from any address', 'SourceIpConfig.Cidrs');
    const bounds = [hasItems(1)(subject.at('SourceIpConfig.Cidrs')), hasItems(1)(subject.at('WorkforceVpcConfig.Subnets'))];
    return judged(any(bounds), 'people label from any address', 'SourceIpConfig');
  },
};
