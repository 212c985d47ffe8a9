import type { AwsAnswer, AwsCaller, AwsRequest } from '../aws-api';
import { jsonOf } from '../aws-api';
import { observation, type Observation } from './observation';
import { SINGLETONS, type RegionNeeds, type SingletonType } from './template-needs';

/** What is there: its names; undefined when nothing can be said. */
type Found = readonly string[] | undefined;

interface Probe {
  readonly type: SingletonType;
  readonly request: Omit<AwsRequest, 'region'>;
  readonly found: (answer: AwsAnswer) => Found;
}

const PROBES: readonly Probe[] = [
  {
    type: 'AWS::GuardDuty::Detector',
    request: { service: 'guardduty', action: 'guardduty:ListDetectors', path: '/detector' },
    found: (answer) => (answer.ok ? texts(jsonOf(answer).detectorIds) : undefined),
  },
  {
    type: 'AWS::SecurityHub::Hub',
    request: { service: 'securityhub', action: 'securityhub:DescribeHub', path: '/accounts' },
    found: (answer) => {
      if (answer.ok) return texts([jsonOf(answer).HubArn]);
      // The service says "no access" also where it is not enabled; its text tells them apart.
      return answer.error === 'ResourceNotFoundException' || /not subscribed/i.test(answer.text) ? [] : undefined;
    },
  },
  {
    type: 'AWS::Config::ConfigurationRecorder',
    request: { service: 'config', action: 'config:DescribeConfigurationRecorders', target: { name: 'StarlingDoveService.DescribeConfigurationRecorders', body: {} } },
    found: (answer) => (answer.ok ? names(jsonOf(answer).ConfigurationRecorders, 'name') : undefined),
  },
  {
    type: 'AWS::Macie::Session',
    request: { service: 'macie2', action: 'macie2:GetMacieSession', path: '/macie' },
    found: (answer) => {
      if (answer.ok) return texts([jsonOf(answer).status]);
      return answer.error === 'ResourceNotFoundException' || /not enabled/i.test(answer.text) ? [] : undefined;
    },
  },
  {
    type: 'AWS::ApiGateway::Account',
    request: { service: 'apigateway', action: 'apigateway:GET', path: '/account' },
    found: (answer) => (answer.ok ? texts([jsonOf(answer).cloudwatchRoleArn]) : undefined),
  },
  {
    type: 'AWS::CloudTrail::Trail',
    request: {
      service: 'cloudtrail', action: 'cloudtrail:DescribeTrails',
      target: { name: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails', body: { includeShadowTrails: true } },
    },
    found: (answer) => (answer.ok ? names(jsonOf(answer).trailList, 'Name') : undefined),
  },
];

/** What exists once in an account, against what the templates would make. */
export async function singletonPart(aws: AwsCaller, needs: RegionNeeds): Promise<Observation[]> {
  return (await Promise.all(PROBES.map((probe) => probed(aws, probe, needs)))).flat();
}

async function probed(aws: AwsCaller, { type, request, found }: Probe, needs: RegionNeeds): Promise<Observation[]> {
  const answer = await aws.call({ ...request, region: needs.region });
  const [check, title] = [`singleton.${type}`, `${needs.region}: ${SINGLETONS[type]}`];
  const there = found(answer);
  if (there === undefined) return [observation(check, 'UNKNOWN', `${title}: ${request.action} was refused (${answer.error || answer.status})`, `allow ${request.action}`)];
  const made = needs.singletons.get(type);
  if (made === undefined) {
    if (type === 'AWS::ApiGateway::Account' && needs.logsApis && there.length === 0) {
      return [observation(check, 'FAIL', `${title} is not set, and an API of the templates writes logs`, 'set it once for the account, or let one stack do it')];
    }
    return [observation(check, 'OK', `${title} ${there.length > 0 ? `exists (${there.join(', ')})` : 'does not exist'}; the templates make none`)];
  }
  if (there.length === 0) return [observation(check, 'OK', `${title} does not exist; ${made.id} makes it`)];
  if (await isOwn(aws, needs.region, made.stack.stackName, made.logicalId)) return [observation(check, 'OK', `${title} was made by ${made.id} before`)];
  const exists = `${title} exists (${there.join(', ')}), and ${made.id} makes one`;
  if (type === 'AWS::CloudTrail::Trail') return [observation(check, 'WARN', exists, 'a second trail of management events costs for each event')];
  if (type === 'AWS::ApiGateway::Account') return [observation(check, 'WARN', exists, 'the new role takes the place of that of everybody')];
  return [observation(check, 'FAIL', exists, 'give the existing one to the construct')];
}

/** Whether an earlier deployment of the same stack made it. */
async function isOwn(aws: AwsCaller, region: string, stackName: string, logicalId: string): Promise<boolean> {
  const { ok } = await aws.call({
    service: 'cloudformation', region, action: 'cloudformation:DescribeStackResource',
    query: { Action: 'DescribeStackResource', Version: '2010-05-15', StackName: stackName, LogicalResourceId: logicalId },
  });
  return ok;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}

function names(value: unknown, key: string): string[] {
  return Array.isArray(value) ? texts(value.map((item: unknown) => (typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[key] : undefined))) : [];
}
