import { not } from '../answer';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';
import { groupRules, isAiGroup, isForEveryAddress } from './security-group-rules';

/** `AISec-NW02`. */
export const aiIngress: Rule = {
  id: 'AISec-NW02',
  name: 'AiIngress',
  title: 'An AI workload is reached by named groups only',
  severity: 'HIGH',
  controls: ['RT1', 'MI1'],
  threats: ['AML.T0049', 'AML.CS0023', 'LLM10'],
  why: 'Notebooks, dashboards and model servers often ask for no password: whoever reaches the port runs code.',
  remedy: 'Allow the group of the caller instead of addresses.',
  example: "modelGroup.addIngressRule(callerGroup, ec2.Port.tcp(443), 'callers');",
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  types: ['AWS::EC2::SecurityGroup'],
  check: ({ app, resource }) => {
    if (!isAiGroup(app, resource)) return undefined;
    const rules = groupRules(app, resource, 'Ingress');
    return [COMPLIANT, ...rules.map((rule) => judged(not(isForEveryAddress(rule)), 'any address may come in', rule.path))];
  },
};
