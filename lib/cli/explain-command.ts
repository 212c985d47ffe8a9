import type { Rule } from '../assurance/rules/rule';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { ruleNamed } from '../assurance/rules/rule-selection';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { nearest } from './nearest';
import { plainTable } from './table';
import type { Terminal } from './terminal';

const SCHEMA = 'cdk-secure-ai/explain/v1';

/** Explains a rule, or lists them. */
export function explainCommand({ path, line, terminal }: Invocation): Promise<ExitCode> {
  if (line.has('list')) {
    terminal.out(line.has('json') ? displayJson({ schema: SCHEMA, rules: RULE_PACK.map(documentOf) }) : listText(terminal));
    return Promise.resolve(0);
  }
  if (path === '') throw new CliError('USAGE', "no rule given; 'secure-ai explain --list' lists them");
  const rule = ruleNamed(RULE_PACK, path);
  if (rule === undefined) {
    const meant = nearest(path, RULE_PACK.flatMap(({ id, name }) => [id, name]));
    throw new CliError('USAGE', `there is no rule ${displayText(path)}${meant ? `; did you mean ${meant}?` : `; 'secure-ai explain --list' lists them`}`);
  }
  terminal.out(line.has('json') ? displayJson({ schema: SCHEMA, rules: [documentOf(rule)] }) : ruleText(rule, terminal));
  return Promise.resolve(0);
}

function documentOf(rule: Rule): object {
  return { ...rule, check: undefined };
}

function listText({ columns }: Terminal): string {
  return plainTable(RULE_PACK.map((rule): [string, string, string] => [rule.id, rule.severity, rule.title]), columns);
}

function ruleText(rule: Rule, { colours }: Terminal): string {
  return [
    `${colours.bold(rule.id)}  ${rule.name}  ${rule.severity}`,
    rule.title,
    '',
    `${colours.bold('Attack')}    ${rule.why}${rule.threats.length > 0 ? ` (${rule.threats.join(', ')})` : ''}`,
    `${colours.bold('Remedy')}    ${rule.remedy}`,
    `${colours.bold('Example')}   ${rule.example.split('\n').join('\n          ')}`,
    `${colours.bold('Controls')}  ${rule.controls.join(', ')}`,
    `${colours.bold('Looks at')}  ${rule.types.join(', ')}`,
    `${colours.bold('Source')}    ${rule.source}`,
    ...(rule.evidenceOnly ? ['', 'This rule looks for evidence only: what it asks for may exist outside of the templates.'] : []),
  ].join('\n');
}
