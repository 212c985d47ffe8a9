import type { TemplateInput } from '../../../../lib/assurance/template';
import { killsOf } from './kills';
import type { Mutant } from './mutants';
import { nagKillsOf } from './nag-kills';

/** What became of the mutants of a template. */
export interface Score {
  readonly mutants: number;
  /** The rule that found each mutant that was found. */
  readonly killed: ReadonlyMap<Mutant, string>;
  readonly survivors: readonly Mutant[];
}

/** Puts mutants to the rules, and those that no rule finds to cdk-nag. */
export function scoreOf(input: TemplateInput, mutants: readonly Mutant[], app: readonly TemplateInput[] = [input]): Score {
  const killed = new Map<Mutant, string>();
  const left: Mutant[] = [];
  for (const [mutant, rule] of killsOf(input, mutants, app)) {
    if (rule === undefined) left.push(mutant);
    else killed.set(mutant, rule);
  }
  for (const [mutant, rule] of nagKillsOf(input.template as Record<string, unknown>, left)) killed.set(mutant, rule);
  return { mutants: mutants.length, killed, survivors: left.filter((mutant) => !killed.has(mutant)) };
}
