import { isOneOf } from '../answer';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { holdsAi } from './ai-flow-log';

/** `AISec-NW10`. */
export const appFlowLogWhole: Rule = {
  id: 'AISec-NW10',
  name: 'AppFlowLogWhole',
  title: 'A flow log of an app with an AI workload records accepted and refused connections',
  severity: 'LOW',
  controls: ['OB1', 'RT1'],
  threats: ['AML.T0025'],
  why: 'Accepted connections say where the data went, refused ones that somebody tried: half of the record answers half of the question.',
  remedy: 'Set TrafficType to ALL.',
  example: "vpc.addFlowLog('Flow', { trafficType: ec2.FlowLogTrafficType.ALL });",
  source: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
  types: ['AWS::EC2::FlowLog'],
  check: ofAiApp((log) => {
    // A transit gateway knows no type; the network of an AI resource is judged by AISec-NW05.
    if (isOneOf('TransitGateway', 'TransitGatewayAttachment')(log.at('ResourceType')) !== 'NO') return undefined;
    const place = log.app.named(log.at('ResourceId'));
    if (place?.type === 'AWS::EC2::VPC' && holdsAi(log.app, place)) return undefined;
    return log.requireOneOf('TrafficType', ['ALL'], 'only a part of the connections is recorded');
  }),
};
