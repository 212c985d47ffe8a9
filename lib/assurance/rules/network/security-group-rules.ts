import type { Resource, Value } from '../../template';
import { valueAt } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { isOneOf } from '../answer';
import type { JudgedApp } from '../judged-app';
import { itemsOf } from '../subject';

/** One rule of a security group: written in the group, or a resource of its own. */
export interface GroupRule {
  readonly path: string;
  readonly value: Value;
}

/** The rules of a group in one direction. */
export function groupRules(app: JudgedApp, group: Resource, direction: 'Ingress' | 'Egress'): GroupRule[] {
  const path = `SecurityGroup${direction}`;
  const own = itemsOf(group.at(path), path);
  const separate = app
    .ofTypes(`AWS::EC2::SecurityGroup${direction}`)
    .filter((rule) => app.named(rule.at('GroupId')) === group)
    .map((rule) => ({ path: rule.logicalId, value: rule.properties }));
  return [...own, ...separate];
}

/** Whether a rule speaks of every address. */
export function isForEveryAddress({ value }: GroupRule): Answer {
  const everywhere = [isOneOf('0.0.0.0/0')(valueAt(value, ['CidrIp'])), isOneOf('::/0')(valueAt(value, ['CidrIpv6']))];
  if (everywhere.includes('YES')) return 'YES';
  return everywhere.includes('UNKNOWN') ? 'UNKNOWN' : 'NO';
}

/** Whether an AI resource names the group. */
export function isAiGroup(app: JudgedApp, group: Resource): boolean {
  return AiWorkload.of(app).isNamed(group);
}
