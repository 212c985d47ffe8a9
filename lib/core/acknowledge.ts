import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ACKNOWLEDGEMENT_CLASSES, type AcknowledgementClass } from './acknowledgement-classes';

/** A finding id taken apart: `pack::rule[finding]`. */
interface FindingId {
  readonly pack: string;
  readonly rule: string;
  readonly finding: string;
}

/**
 * Leaves findings of a public pack on a construct and everything below it, on behalf of the library.
 *
 * A finding id is what the report shows: `AwsSolutions-S1`, or with its finding `AwsSolutions-IAM5[Action::xray:Put*]`. A rule that reports
 * findings one by one is silenced one by one: its plain id does nothing. A rule outside cdk-nag names its plugin:
 * `CloudFormation-Validate::W3697`.
 *
 * @throws when the class is not in the closed list, or does not name the rule of a finding.
 */
export function acknowledge(construct: IConstruct, classId: string, findingIds: readonly string[]): void {
  const cls = ACKNOWLEDGEMENT_CLASSES.find((c) => c.id === classId);
  if (!cls) {
    const known = ACKNOWLEDGEMENT_CLASSES.map((c) => c.id).join(', ') || 'none';
    throw new Error(`acknowledgement class "${classId}" is not in the closed list (known: ${known}): add it there or fix the finding`);
  }
  if (findingIds.length === 0) {
    throw new Error(`acknowledgement class "${classId}" at "${construct.node.path}" names no finding: give at least one id`);
  }
  const ids = findingIds.map((findingId) => {
    const { rule } = parseFindingId(findingId);
    if (!cls.rules.includes(rule)) {
      throw new Error(`acknowledgement class "${classId}" does not name rule "${rule}" (it names: ${cls.rules.join(', ')})`);
    }
    return qualifiedFindingId(findingId);
  });
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason: recordedReason(cls) })));
}

/** The reason that `acknowledge` records: how a reader tells the library's acknowledgement from a user's. */
export function recordedReason(cls: AcknowledgementClass): string {
  return `${cls.id}: ${cls.reason} (${cls.source})`;
}

/**
 * The only spelling that everybody sees: `AwsSolutions::AwsSolutions-S1`.
 *
 * Without the prefix cdk-nag drops the finding before the CDK hears of it, and the report's list of suppressed findings lacks it.
 */
export function qualifiedFindingId(findingId: string): string {
  const { pack, rule, finding } = parseFindingId(findingId);
  return `${pack}::${rule}${finding}`;
}

function parseFindingId(findingId: string): FindingId {
  const bracket = findingId.indexOf('[');
  const head = bracket < 0 ? findingId : findingId.slice(0, bracket);
  const finding = bracket < 0 ? '' : findingId.slice(bracket);
  const separator = head.indexOf('::');
  const rule = separator < 0 ? head : head.slice(separator + 2);
  const pack = separator < 0 ? rule.slice(0, Math.max(0, rule.indexOf('-'))) : head.slice(0, separator);
  if (pack === '' || rule === '' || rule.includes('::') || (finding !== '' && !finding.endsWith(']'))) {
    throw new Error(
      `finding id "${findingId}" is not one: write it as the report does: "AwsSolutions-S1", "AwsSolutions-IAM5[Action::s3:*]"`,
    );
  }
  return { pack, rule, finding };
}
