import { hash } from 'node:crypto';
import type { Resource, TemplateModel } from '../template';
import { compareText } from '../text-order';
import type { Finding } from './finding';
import { JudgedApp } from './judged-app';
import type { Judgement } from './judgement';
import { undetermined } from './judgement';
import type { Rule } from './rule';
import { ANY_TYPE, SEVERITIES } from './rule';
import { Subject } from './subject';

/** How often a rule was asked, and what it said. */
export interface RuleTally {
  readonly rule: Rule;
  /** Resources that it was shown and had something to judge at. */
  applied: number;
  compliant: number;
  violated: number;
  undetermined: number;
}

/** What a set of rules found in a set of templates. */
export interface Judged {
  /** Violated and undetermined, by severity, then resource. */
  readonly findings: readonly Finding[];
  /** One entry for each rule, in the order of the rules. */
  readonly tallies: readonly RuleTally[];
  readonly resources: number;
  /** What the templates hold that no rule can see. */
  readonly gaps: readonly string[];
  /** What values were taken for granted, such as the default of a parameter. */
  readonly assumptions: readonly string[];
}

/** Puts every rule to every resource of its types, in one walk. A rule that throws leaves an undetermined finding, never a pass. */
export function judge(model: TemplateModel, rules: readonly Rule[], app = new JudgedApp(model)): Judged {
  const tallies = rules.map((rule): RuleTally => ({ rule, applied: 0, compliant: 0, violated: 0, undetermined: 0 }));
  const byType = dispatchTable(tallies);
  const judgedWholes = new Set<string>();
  const findings: Finding[] = [];
  for (const resource of model.resources) {
    const subject = new Subject(resource, app);
    for (const tally of byType(resource.type)) {
      const whole = wholeOf(tally.rule, resource);
      if (whole !== undefined && judgedWholes.has(whole)) continue;
      const said = judgements(tally.rule, subject);
      if (whole !== undefined && said.length > 0) judgedWholes.add(whole);
      record(tally, resource, said, findings);
    }
  }
  const { gaps, assumptions } = model;
  return { findings: findings.sort(compareFindings), tallies, resources: model.resources.length, gaps, assumptions };
}

/** What a rule of a wider scope judges at a resource: its stack, or the app. */
function wholeOf({ id, scope }: Rule, { stack }: Resource): string | undefined {
  if (scope === 'STACK') return `${id}\n${stack.id}`;
  return scope === 'APP' ? id : undefined;
}

/** The rules for each type, those for any type last. */
function dispatchTable(tallies: readonly RuleTally[]): (type: string) => readonly RuleTally[] {
  const byType = new Map<string, readonly RuleTally[]>();
  const forAny = tallies.filter(({ rule }) => rule.types.includes(ANY_TYPE));
  return (type) => {
    let found = byType.get(type);
    if (found === undefined) {
      found = [...tallies.filter(({ rule }) => rule.types.includes(type)), ...forAny];
      byType.set(type, found);
    }
    return found;
  };
}

const NOTHING: readonly Judgement[] = [];

function isOne(said: Judgement | readonly Judgement[]): said is Judgement {
  return !Array.isArray(said);
}

function judgements(rule: Rule, subject: Subject): readonly Judgement[] {
  try {
    const said = rule.check(subject);
    if (said === undefined) return NOTHING;
    return isOne(said) ? [said] : said;
  } catch (error) {
    return [undetermined(`the rule failed: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

function record(tally: RuleTally, resource: Resource, said: readonly Judgement[], findings: Finding[]): void {
  if (said.length === 0) return;
  tally.applied += 1;
  let worst: Judgement['verdict'] = 'COMPLIANT';
  for (const judgement of said) {
    if (judgement.verdict === 'COMPLIANT') continue;
    if (worst !== 'VIOLATED') worst = judgement.verdict;
    findings.push(findingOf(tally.rule, resource, judgement));
  }
  if (worst === 'COMPLIANT') tally.compliant += 1;
  else if (worst === 'VIOLATED') tally.violated += 1;
  else tally.undetermined += 1;
}

function findingOf(rule: Rule, resource: Resource, { verdict, message, path }: Judgement): Finding {
  const { id, type, constructPath, stack } = resource;
  return {
    ruleId: rule.id,
    severity: rule.severity,
    verdict: verdict as Finding['verdict'],
    ...(rule.evidenceOnly ? { evidenceOnly: true } : {}),
    resource: id,
    resourceType: type,
    ...(constructPath === undefined ? {} : { constructPath }),
    path,
    message,
    controls: rule.controls,
    ...(stack.source === undefined ? {} : { source: stack.source }),
    fingerprint: fingerprintOf(rule, resource, path),
  };
}

/** What a stack or an app lacks is the same when another resource comes first: the resource is no part of it. */
function fingerprintOf({ id, scope }: Rule, resource: Resource, path: string): string {
  const place = scope === 'STACK' || scope === 'APP' ? resource.stack.id : resource.id;
  return hash('sha256', `${id}\n${place}\n${path}`, 'hex').slice(0, 16);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.resource, b.resource) ||
    compareText(a.path, b.path)
  );
}
