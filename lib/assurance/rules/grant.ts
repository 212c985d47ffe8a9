import type { PolicyStatement } from '../template';
import { Unknown } from '../template';
import type { Answer } from './answer';
import { all, any } from './answer';
import type { StatementSite } from './judged-app';
import type { Judgement } from './judgement';
import { COMPLIANT, undetermined, violated } from './judgement';
import { coversAction, coversAnyAction, speaksOfPrincipals, testsOn } from './statement-match';
import type { Subject } from './subject';

/** The types that hold statements of identity policies. */
export const IDENTITY_POLICY_TYPES: readonly string[] = [
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::IAM::Group',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];

/** What an Allow statement gives. */
export interface Grant {
  readonly statement: PolicyStatement;
  readonly path: string;
  /** `UNKNOWN` when the statement may not be there, or may not speak of the actions. */
  readonly sure: Answer;
}

/**
 * The Allow statements of a policy that name any of the actions.
 *
 * Statements for every action are left out: administrators are judged as such, not once for each action.
 */
export function grantsOf(subject: Subject, actions: readonly string[]): Grant[] {
  if (isBoundaryOnly(subject)) return [];
  return subject.app.identityStatements(subject.resource).flatMap(({ path, statement }) => {
    if (statement.effect !== 'Allow' || isForEveryAction(statement)) return [];
    const covers = coversAnyAction(statement, actions);
    if (covers === 'NO') return [];
    return [{ statement, path: `${path}.Statement.${statement.index}`, sure: statement.presence === 'MAYBE' ? 'UNKNOWN' : covers }];
  });
}

/**
 * Judges each grant of the actions; what cannot be read of the policy is undetermined.
 *
 * @param isRight whether the statement is as it should be
 */
export function judgeGrants(
  subject: Subject,
  actions: readonly string[],
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): Judgement[] {
  const judgements = grantsOf(subject, actions).map(({ statement, path, sure }) => {
    const right = isRight(statement);
    if (right === 'YES') return COMPLIANT;
    if (right === 'UNKNOWN' || sure === 'UNKNOWN') return undetermined(`cannot be decided from the template: ${message}`, path);
    const limited = limitedByBoundary(subject, actions, isRight);
    if (limited === 'YES') return COMPLIANT;
    return limited === 'NO' ? violated(message, path) : undetermined(`a permissions boundary from elsewhere may forbid it: ${message}`, path);
  });
  const unreadable = isBoundaryOnly(subject) ? [] : subject.app.unreadableIdentity(subject.resource);
  return [...judgements, ...unreadable.map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`))];
}

/**
 * Whether every holder of a policy is denied what a statement allows, unless a test on the key holds.
 *
 * A Deny counts when its test also meets a request without the key, and when no other test narrows it but one that exempts principals.
 */
export function deniedUnless(subject: Subject, allow: PolicyStatement, actions: readonly string[], ...keys: readonly string[]): Answer {
  return deniedByAll(subject, allow, actions, (deny) => (deniesSameResources(deny, allow) ? deniesWithout(deny, keys) : 'NO'));
}

/** Whether every holder of a policy has Deny statements that cover each of the actions which the statement allows. */
export function deniedByAll(
  subject: Subject,
  allow: PolicyStatement,
  actions: readonly string[],
  guards: (deny: PolicyStatement) => Answer,
): Answer {
  const holders = subject.app.holdersOf(subject.resource);
  const lists: readonly (readonly StatementSite[])[] =
    holders.length > 0
      ? holders.map((holder) => [...subject.app.statementsOfHolder(holder), ...subject.app.identityStatements(subject.resource)])
      : [subject.app.identityStatements(subject.resource)];
  const allowed = actions.filter((action) => coversAction(allow, action) !== 'NO');
  return all(
    lists.map((sites) => {
      const denies = sites.map(({ statement }) => statement).filter(({ effect }) => effect === 'Deny');
      return all(
        allowed.map((action) =>
          any(
            denies.map((deny) => all([coversAction(deny, action), guards(deny), deny.presence === 'YES' ? 'YES' : 'UNKNOWN'])),
          ),
        ),
      );
    }),
  );
}

/** Whether a holder of the policy may do any of the actions, by this policy or another of the templates. */
export function holderMay(subject: Subject, actions: readonly string[]): Answer {
  const holders = subject.app.holdersOf(subject.resource);
  const own = subject.app.identityStatements(subject.resource);
  const sites = [...own, ...holders.flatMap((holder) => subject.app.statementsOfHolder(holder))];
  return any(
    sites
      .filter(({ statement }) => statement.effect === 'Allow' && !isForEveryAction(statement))
      .map(({ statement }) => coversAnyAction(statement, actions)),
  );
}

/** Whether a statement speaks of every action, or of all but some. */
export function isForEveryAction({ actions }: PolicyStatement): boolean {
  return actions.negated || actions.texts.some((text) => /^\*+$/.test(text.parts.join('')));
}

/** Whether a Deny speaks of whatever the Allow does. */
export function deniesSameResources(deny: PolicyStatement, allow: PolicyStatement): boolean {
  if (deny.resources === undefined || deny.resources.negated) return false;
  const denied = deny.resources.texts.map(({ parts }) => parts.join(''));
  if (denied.includes('*')) return true;
  return allow.resources !== undefined && !allow.resources.negated && allow.resources.texts.every(({ parts }) => denied.includes(parts.join('')));
}

function deniesWithout(deny: PolicyStatement, keys: readonly string[]): Answer {
  if (deny.opaque.length > 0) return 'UNKNOWN';
  const tests = testsOn(deny, ...keys);
  const meetsAbsent = tests.some((test) => test.operator.includes('Not') || test.ifExists || test.operator === 'Null');
  if (!meetsAbsent) return 'NO';
  return deny.conditions.every((test) => tests.includes(test) || speaksOfPrincipals(test)) ? 'YES' : 'UNKNOWN';
}

function isBoundaryOnly(subject: Subject): boolean {
  const { resource } = subject;
  if (isLooseCeiling(subject)) return true;
  const uses = resource.incoming.filter((edge) => /^AWS::IAM::(Role|User)$/.test(edge.from.type));
  const holders = resource.outgoing.some((edge) => /^Properties\.(Roles|Users|Groups)\./.test(edge.path));
  return uses.length > 0 && !holders && uses.every((edge) => edge.path === 'Properties.PermissionsBoundary');
}

/** A policy that nobody of the templates holds and that allows all actions but some is a boundary: what it allows is a ceiling. */
function isLooseCeiling({ app, resource }: Subject): boolean {
  if (resource.type !== 'AWS::IAM::ManagedPolicy' || app.holdersOf(resource).length > 0 || resource.incoming.length > 0) return false;
  if (['Roles', 'Users', 'Groups'].some((property) => resource.at(property) !== undefined)) return false;
  return app.identityStatements(resource).some(({ statement }) => statement.effect === 'Allow' && statement.actions.negated);
}

/** Whether the boundaries of all holders leave nothing of the actions, or only in statements that are right. */
function limitedByBoundary(subject: Subject, actions: readonly string[], isRight: (statement: PolicyStatement) => Answer): Answer {
  const holders = subject.app.holdersOf(subject.resource);
  if (holders.length === 0) return 'NO';
  return all(
    holders.map((holder): Answer => {
      const value = holder.at('PermissionsBoundary');
      if (value === undefined) return 'NO';
      const boundary = subject.app.named(value);
      if (boundary === undefined || boundary.type !== 'AWS::IAM::ManagedPolicy' || value instanceof Unknown) return 'UNKNOWN';
      const allows = subject.app.identityStatements(boundary).filter(({ statement }) => statement.effect === 'Allow');
      return all(
        allows.map(({ statement }) => {
          const covers = coversAnyAction(statement, actions);
          return covers === 'NO' ? 'YES' : isForEveryAction(statement) ? 'NO' : isRight(statement);
        }),
      );
    }),
  );
}
