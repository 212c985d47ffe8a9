import type { AwsCaller } from '../aws-api';
import { jsonOf } from '../aws-api';
import { observation, type Observation } from './observation';
import type { RegionNeeds } from './template-needs';

/** What Lambda keeps for functions that reserve nothing. */
const UNRESERVED = 100;
const VPCS_PER_REGION = 'L-F678F1CE';
const MAX_PAGES = 60;

/** Quotas that the templates need, against what the account has and uses. */
export async function quotaPart(aws: AwsCaller, needs: RegionNeeds): Promise<Observation[]> {
  return (await Promise.all([vpcs(aws, needs), concurrency(aws, needs), endpointInstances(aws, needs)])).flat();
}

async function vpcs(aws: AwsCaller, { region, vpcs: wanted }: RegionNeeds): Promise<Observation[]> {
  if (wanted === 0) return [];
  const check = 'quota.vpcs';
  const [described, quota] = await Promise.all([
    aws.call({ service: 'ec2', region, action: 'ec2:DescribeVpcs', query: { Action: 'DescribeVpcs', Version: '2016-11-15' } }),
    aws.call({
      service: 'servicequotas', region, action: 'servicequotas:GetServiceQuota',
      target: { name: 'ServiceQuotasV20190624.GetServiceQuota', body: { ServiceCode: 'vpc', QuotaCode: VPCS_PER_REGION } },
    }),
  ]);
  if (!described.ok) return [refused(check, region, 'ec2:DescribeVpcs', described.error)];
  const used = described.text.match(/<vpcId>/g)?.length ?? 0;
  const limit = numberAt(jsonOf(quota).Quota, 'Value');
  if (limit === undefined) return [refused(check, region, 'servicequotas:GetServiceQuota', quota.error)];
  // VPCs that the stacks made before count as used: then an update needs none.
  const text = `${region}: ${used} of ${limit} VPCs are in use, the templates hold ${wanted}`;
  const fits = used + wanted <= limit;
  return [observation(check, fits ? 'OK' : 'WARN', text, fits ? undefined : 'a first deployment needs a higher quota "VPCs per Region"; an update does not')];
}

async function concurrency(aws: AwsCaller, { region, reservedConcurrency: wanted }: RegionNeeds): Promise<Observation[]> {
  if (wanted === 0) return [];
  const check = 'quota.lambdaConcurrency';
  const answer = await aws.call({ service: 'lambda', region, action: 'lambda:GetAccountSettings', path: '/2016-08-19/account-settings' });
  const limits = jsonOf(answer).AccountLimit;
  const [total, free] = [numberAt(limits, 'ConcurrentExecutions'), numberAt(limits, 'UnreservedConcurrentExecutions')];
  if (!answer.ok || total === undefined || free === undefined) return [refused(check, region, 'lambda:GetAccountSettings', answer.error || `${answer.status}`)];
  const text = `${region}: functions reserve ${wanted} of ${total} concurrent executions, ${free} are not reserved and ${UNRESERVED} must stay so`;
  if (total - wanted < UNRESERVED) return [observation(check, 'FAIL', text, 'raise the quota "Concurrent executions", or let the functions reserve nothing')];
  const fits = free - wanted >= UNRESERVED;
  return [observation(check, fits ? 'OK' : 'WARN', text, fits ? undefined : 'enough for an update, not for a first deployment: raise the quota "Concurrent executions"')];
}

async function endpointInstances(aws: AwsCaller, { region, endpointInstances: wanted }: RegionNeeds): Promise<Observation[]> {
  if (wanted.size === 0) return [];
  const check = 'quota.endpointInstances';
  const limits = new Map<string, number>();
  let token: unknown;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await aws.call({
      service: 'servicequotas', region, action: 'servicequotas:ListServiceQuotas',
      target: { name: 'ServiceQuotasV20190624.ListServiceQuotas', body: { ServiceCode: 'sagemaker', MaxResults: 100, ...(typeof token === 'string' && { NextToken: token }) } },
    });
    if (!answer.ok) return [refused(check, region, 'servicequotas:ListServiceQuotas', answer.error)];
    const { Quotas: quotas, NextToken: next } = jsonOf(answer);
    for (const quota of Array.isArray(quotas) ? (quotas as unknown[]) : []) {
      const { QuotaName: name } = (quota ?? {}) as Record<string, unknown>;
      const limit = numberAt(quota, 'Value');
      if (typeof name === 'string' && limit !== undefined) limits.set(name, limit);
    }
    token = next;
    if (typeof token !== 'string' || token === '') break;
  }
  return [...wanted].map(([type, count]) => {
    const limit = limits.get(`${type} for endpoint usage`);
    if (limit === undefined) return observation(check, 'UNKNOWN', `${region}: no quota for ${type} on endpoints was found`, 'look it up in Service Quotas');
    const fits = count <= limit;
    return observation(check, fits ? 'OK' : 'FAIL', `${region}: endpoints need ${count} ${type}, the quota is ${limit}`, fits ? undefined : `raise the quota "${type} for endpoint usage"`);
  });
}

function refused(check: string, region: string, action: string, error: string): Observation {
  return observation(check, 'UNKNOWN', `${region}: ${action} was refused${error === '' ? '' : ` (${error})`}`, `allow ${action}`);
}

function numberAt(value: unknown, key: string): number | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'number' ? found : undefined;
}
