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
 * Judges the mutants of one template of an app: the first rule that has a finding on each which the app itself does not have.
 *
 * The app is judged as a whole, as users have it judged: what protects a model may lie in another stack than the model.
 */
export function killsOf(input: TemplateInput, mutants: readonly Mutant[], app: readonly TemplateInput[] = [input]): Map<Mutant, string | undefined> {
  const before = findingsOf(app);
  return new Map(
    mutants.map((mutant) => {
      const after = findingsOf(app.map((other) => (other === input ? { ...input, template: mutant.template } : other)));
      const fresh = [...after].find((finding) => !before.has(finding));
      return [mutant, fresh?.split(' ')[0]];
    }),
  );
}
