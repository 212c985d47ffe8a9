import type { App, IPolicyValidationContext, Stage } from 'aws-cdk-lib';
import { JudgedResource } from './judged-resource';
import type { IOwnRule } from './own-rule';
import type { Finding } from './rules/finding';
import { judge } from './rules/judge';
import { COMPLIANT, undetermined, violated } from './rules/judgement';
import type { Rule, Severity } from './rules/rule';
import { RULE_PACK } from './rules/rule-pack';
import { isAtLeastAsSevere, ruleNamed } from './rules/rule-selection';
import { TemplateModel, Unknown, unknownsIn, type Value } from './template';
import { readAssembly } from './template-source';

/** What a user says about the rules. */
export interface RuleSelection {
  readonly minimumSeverity?: Severity;
  readonly applyOnly?: readonly string[];
  readonly leaveOut?: readonly string[];
  readonly ownRules?: readonly IOwnRule[];
}

/** The rules that props ask for. @throws when an id is unknown or taken */
export function selectedRules({ applyOnly, leaveOut, ownRules, minimumSeverity }: RuleSelection): readonly Rule[] {
  const own = (ownRules ?? []).map(ownRule);
  const all = [...RULE_PACK, ...own];
  const twice = all.find(({ id }, i) => all.findIndex((rule) => rule.id === id) < i);
  if (twice) throw new Error(`rule id "${twice.id}" is taken: give your own rule an id with a prefix of its own`);
  const named = (ids: readonly string[]): Rule[] =>
    ids.map((id) => {
      const rule = ruleNamed(all, id);
      if (rule === undefined) throw new Error(`there is no rule "${id}": 'secure-ai explain --list' lists them`);
      return rule;
    });
  if (applyOnly?.length === 0) throw new Error('applyOnly is empty: name at least one rule, or leave it out to apply every rule');
  const chosen = applyOnly ? named(applyOnly) : all;
  const left = named(leaveOut ?? []);
  return chosen.filter((rule) => !left.includes(rule) && isAtLeastAsSevere(rule, minimumSeverity ?? 'LOW'));
}

/** Judges what was synthesised for a stage. */
export function findingsOf(scope: Stage, context: IPolicyValidationContext, rules: readonly Rule[]): readonly Finding[] {
  const app = context.appConstruct.node.root as App;
  const judgedStacks = context.stackTemplates.map(({ stackConstructPath }) => stackConstructPath);
  const inputs = readAssembly(app.outdir);
  const { findings } = judge(TemplateModel.of(inputs), rules);
  if (scope === app) return findings;
  const prefix = `${scope.node.path}/`;
  const within = judgedStacks.filter((stack) => stack.startsWith(prefix));
  return findings.filter(({ resource }) => within.some((stack) => resource.startsWith(`${stack}/`)));
}

function ownRule(own: IOwnRule): Rule {
  return {
    id: own.id,
    name: own.id,
    title: own.title,
    severity: own.severity,
    controls: [],
    threats: [],
    why: own.title,
    remedy: own.title,
    example: '',
    source: '',
    types: own.resourceTypes,
    check: (subject) => {
      const unknown: [string, Value][] = [];
      const resource = JudgedResource._of(subject.resource, (path) => subject.at(path), (path, value) => {
        if (unknownsIn(value).length > 0) unknown.push([path, value]);
      });
      const wrong = own.check(resource);
      const [first] = unknown;
      // A rule that met an unknown value decided on less than there is, whatever it says.
      if (first !== undefined) return undetermined(`${own.title}: ${reasonOf(first[1])}`, first[0]);
      return wrong === undefined ? COMPLIANT : violated(wrong);
    },
  };
}

function reasonOf(value: Value): string {
  return value instanceof Unknown ? value.reason : (unknownsIn(value)[0]?.reason ?? 'not known');
}
