import { not } from '../answer';
import type { Judgement } from '../judgement';
import { judged, violated } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { groupRules, isAiGroup, isForEveryAddress } from './security-group-rules';

const USES = /^AWS::(Lambda::Function|EC2::VPCEndpoint|ECS::|Batch::|StepFunctions::)/;

/** `AISec-NW11`. */
export const appEgress: Rule = {
  id: 'AISec-NW11',
  name: 'AppEgress',
  title: 'Functions and endpoints of an app with an AI workload reach named groups and services only',
  severity: 'MEDIUM',
  controls: ['RT1'],
  threats: ['AML.T0025', 'AML.T0086'],
  why: 'The function that copies the model holds it as the model server does: code from one of its packages sends it to any address.',
  remedy: 'Set allowAllOutbound to false and allow port 443 to the groups of the endpoints.',
  example: "new ec2.SecurityGroup(this, 'Functions', { vpc, allowAllOutbound: false }).addEgressRule(endpointGroup, ec2.Port.tcp(443), 'AWS services');",
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  types: ['AWS::EC2::SecurityGroup'],
  check: ofAiApp(({ app, resource }): readonly Judgement[] | undefined => {
    // Groups of AI resources are judged by AISec-NW01.
    if (isAiGroup(app, resource) || !resource.incoming.some(({ from }) => USES.test(from.type))) return undefined;
    const rules = groupRules(app, resource, 'Egress');
    if (rules.length === 0) return [violated('no rule is written: everything may leave', 'SecurityGroupEgress')];
    return rules.map((rule) => judged(not(isForEveryAddress(rule)), 'everything may leave to any address', rule.path));
  }),
};
