import { judge } from '../../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../../lib/assurance/template';
import type { TemplateInput } from '../../../../lib/assurance/template';
import type { Mutant } from './mutants';

/** The findings of an app, each with what it says: a finding that turns from undetermined to violated is another. */
function findingsOf(app: readonly TemplateInput[]): Set<string> {
  return new Set(judge(TemplateModel.of(app), RULE_PACK).findings.map(({ ruleId, verdict, resource, path }) => `${ruleId} ${verdict} ${resource} ${path}`));
}

/**
 * Judges the mutants of one template of an app: the first rule that has a finding on each which the template, or the app, does not have.
 *
 * What no rule finds in the template alone is judged in the whole app, which takes longer: what protects a model may lie in another stack.
 */
export function killsOf(input: TemplateInput, mutants: readonly Mutant[], app: readonly TemplateInput[] = [input]): Map<Mutant, string | undefined> {
  const alone = freshIn([input], input);
  const together = app.length > 1 ? freshIn(app, input) : () => undefined;
  return new Map(mutants.map((mutant) => [mutant, alone(mutant) ?? together(mutant)]));
}

function freshIn(app: readonly TemplateInput[], input: TemplateInput): (mutant: Mutant) => string | undefined {
  const before = findingsOf(app);
  return (mutant) => {
    const after = findingsOf(app.map((other) => (other === input ? { ...input, template: mutant.template } : other)));
    return [...after].find((finding) => !before.has(finding))?.split(' ')[0];
  };
}
