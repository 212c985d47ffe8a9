import type { Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { JudgedApp } from '../judged-app';

const RUNS_CODE = /^AWS::(Lambda::Function|SageMaker::|Bedrock|BedrockAgentCore::|ECS::|Batch::)/;

/** Whether something has its place in a network in which an app with an AI workload runs code; a network from elsewhere counts. */
export function isOfAiNetwork(app: JudgedApp, place: Resource): boolean {
  if (!AiWorkload.of(app).isAnywhere) return false;
  const vpc = app.named(place.at('VpcId'));
  if (vpc?.type !== 'AWS::EC2::VPC') return true;
  return app
    .ofTypes('AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup')
    .some((part) => app.named(part.at('VpcId')) === vpc && part.incoming.some(({ from }) => RUNS_CODE.test(from.type)));
}
