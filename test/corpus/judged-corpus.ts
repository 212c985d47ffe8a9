import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from '../../lib/assurance/rules/finding';
import { judge } from '../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../lib/assurance/template';

/** Where templates, versions and review lie. */
export const CORPUS = __dirname;

/** What a person decided about one finding. */
export interface Reviewed {
  /** Whether what the finding says is true of the template and worth a change there. */
  readonly verdict: 'right' | 'wrong';
  readonly why: string;
}

/** The findings of the rules on each template of the corpus, every one an app of its own. */
export function corpusFindings(): Finding[] {
  const templates = path.join(CORPUS, 'templates');
  return fs
    .readdirSync(templates)
    .sort()
    .flatMap((file) => {
      const template: unknown = JSON.parse(fs.readFileSync(path.join(templates, file), 'utf8'));
      const input = { stackName: file.replace('.template.json', ''), template, account: '111111111111', region: 'eu-central-1' };
      return judge(TemplateModel.of([input]), RULE_PACK).findings;
    });
}

/** Name of a finding in the review. */
export function findingName({ ruleId, verdict, resource, path: place }: Finding): string {
  return `${resource} ${ruleId} ${verdict} ${place}`.trim();
}

/** The review, by the name of the finding. */
export function readReview(): Record<string, Reviewed> {
  const file = path.join(CORPUS, 'review.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, Reviewed>) : {};
}
