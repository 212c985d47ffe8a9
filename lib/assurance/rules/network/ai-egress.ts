import { not } from '../answer';
import type { Judgement } from '../judgement';
import { judged, violated } from '../judgement';
import type { Rule } from '../rule';
import { groupRules, isAiGroup, isForEveryAddress } from './security-group-rules';

/** `AISec-NW01`. */
export const aiEgress: Rule = {
  id: 'AISec-NW01',
  name: 'AiEgress',
  title: 'An AI workload reaches named groups and endpoints only',
  severity: 'HIGH',
  controls: ['RT1', 'ML3'],
  threats: ['AML.T0025', 'AML.T0086', 'LLM06'],
  why: 'Code from a package, a pickle or a prompt sends the weights and the data to any address.',
  remedy: 'Set allowAllOutbound to false and allow port 443 to the groups of the endpoints.',
  example: "new ec2.SecurityGroup(this, 'Training', { vpc, allowAllOutbound: false }).addEgressRule(endpointGroup, ec2.Port.tcp(443), 'AWS services');",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-give-access.html',
  types: ['AWS::EC2::SecurityGroup'],
  check: ({ app, resource }): readonly Judgement[] | undefined => {
    if (!isAiGroup(app, resource)) return undefined;
    const rules = groupRules(app, resource, 'Egress');
    if (rules.length === 0) return [violated('no rule is written: everything may leave', 'SecurityGroupEgress')];
    return rules.map((rule) => judged(not(isForEveryAddress(rule)), 'everything may leave to any address', rule.path));
  },
};
