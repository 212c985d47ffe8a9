import type { Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import { isOneOf } from '../answer';
import type { JudgedApp } from '../judged-app';
import { COMPLIANT, judged, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-NW05`. */
export const aiFlowLog: Rule = {
  id: 'AISec-NW05',
  name: 'AiFlowLog',
  title: 'The network of an AI workload logs its connections',
  severity: 'MEDIUM',
  controls: ['OB1', 'RT1'],
  threats: ['AML.T0025'],
  why: 'After an incident nobody can say whether the weights left, and where to.',
  remedy: 'Add a flow log for ALL traffic.',
  example: "vpc.addFlowLog('Flow', { trafficType: ec2.FlowLogTrafficType.ALL });",
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
  types: ['AWS::EC2::VPC'],
  check: ({ app, resource }) => {
    if (!holdsAi(app, resource)) return undefined;
    const logs = app.ofTypes('AWS::EC2::FlowLog').filter((log) => app.named(log.at('ResourceId')) === resource);
    if (logs.length === 0) return violated('the network logs no connections');
    if (logs.every(({ presence }) => presence === 'MAYBE')) return undetermined('whether connections are logged is decided at deploy time');
    // Without a type the log of a transit gateway is meant; a VPC has to name one.
    return logs.some((log) => isOneOf('ALL')(log.at('TrafficType')) === 'YES')
      ? COMPLIANT
      : judged(isOneOf('ALL')(logs[0].at('TrafficType')), 'only a part of the connections is logged');
  },
};

/** Whether an AI resource has a subnet or a group of the network. */
export function holdsAi(app: JudgedApp, vpc: Resource): boolean {
  const workload = AiWorkload.of(app);
  return app.ofTypes('AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup').some((part) => workload.isNamed(part) && app.named(part.at('VpcId')) === vpc);
}
