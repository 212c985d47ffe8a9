import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';

/** The models that each daily check of a template reads again. */
export function readDaily(template: Template): string[][] {
  const rules = Object.values(template.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: Match.anyValue() } }));
  return rules.flatMap(({ Properties }) => (Properties as { Targets: { Input?: string }[] }).Targets)
    .flatMap(({ Input }) => (Input === undefined ? [] : [(JSON.parse(Input) as { prefixes: string[] }).prefixes]));
}
