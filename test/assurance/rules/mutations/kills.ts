import { judge } from '../../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../../lib/assurance/template';
import type { TemplateInput } from '../../../../lib/assurance/template';
import type { Mutant } from './mutants';

/** The findings of a template, each with what it says: a finding that turns from undetermined to violated is another. */
function findingsOf(input: TemplateInput): Set<string> {
  return new Set(judge(TemplateModel.of([input]), RULE_PACK).findings.map(({ ruleId, verdict, resource, path }) => `${ruleId} ${verdict} ${resource} ${path}`));
}

/** Judges the mutants of one template: the first rule that has a finding on each which the template itself does not have. */
export function killsOf(input: TemplateInput, mutants: readonly Mutant[]): Map<Mutant, string | undefined> {
  const before = findingsOf(input);
  return new Map(
    mutants.map((mutant) => {
      const after = findingsOf({ ...input, template: mutant.template });
      const fresh = [...after].find((finding) => !before.has(finding));
      return [mutant, fresh?.split(' ')[0]];
    }),
  );
}
