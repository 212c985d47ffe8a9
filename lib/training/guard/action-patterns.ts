import { ISOLATION_TABLE } from './isolation-table.generated';

/** Patterns that stand for several actions of the table, which policies have no room to list one by one. */
const PATTERNS = ['Create*JobDefinition', 'Create*Job', '*Presigned*'];

/**
 * SageMaker's actions as a policy names them, shortened where a pattern matches nothing else of the table. An action of that name that AWS
 * adds later is covered too.
 */
export function asPolicyActions(actions: readonly string[]): string[] {
  let rest = [...actions];
  const named: string[] = [];
  for (const pattern of PATTERNS) {
    const matcher = new RegExp(`^${pattern.replaceAll('*', '\\w*')}$`);
    const covered = Object.keys(ISOLATION_TABLE).filter((action) => matcher.test(action));
    if (!covered.every((action) => rest.includes(action))) continue;
    named.push(pattern);
    rest = rest.filter((action) => !covered.includes(action));
  }
  return [...named, ...rest].map((action) => `sagemaker:${action}`);
}

/** Those of some actions that the actions of a policy cover, by name or by pattern. */
export function onlyActions(patterns: readonly string[], actions: readonly string[]): string[] {
  const matchers = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll('*', '\\w*')}$`));
  return actions.filter((action) => matchers.some((matcher) => matcher.test(action)));
}
