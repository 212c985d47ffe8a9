import { CONTROL_CATALOGUE } from '../assurance/evidence/control-catalogue';
import type { Rule } from '../assurance/rules/rule';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { ruleNamed } from '../assurance/rules/rule-selection';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { controlDocument, controlNamed, controlText } from './control-text';
import { displayJson, displayText } from './display-text';
import { nearest } from './nearest';
import { plainTable } from './table';
import type { Terminal } from './terminal';

const SCHEMA = 'cdk-secure-ai/explain/v1';

/** Explains a rule or a control, or lists them. */
export function explainCommand({ path, line, terminal }: Invocation): Promise<ExitCode> {
  const print = (document: object, text: () => string): Promise<ExitCode> => {
    terminal.out(line.has('json') ? displayJson({ schema: SCHEMA, ...document }) : text());
    return Promise.resolve(0);
  };
  if (line.has('list')) {
    return print({ rules: RULE_PACK.map(ruleDocument), controls: CONTROL_CATALOGUE.map(controlDocument) }, () => listText(terminal));
  }
  if (path === '') throw new CliError('USAGE', "no rule or control given; 'secure-ai explain --list' lists them");
  const rule = ruleNamed(RULE_PACK, path);
  if (rule !== undefined) return print({ rules: [ruleDocument(rule)], controls: [] }, () => ruleText(rule, terminal));
  const control = controlNamed(path);
  if (control !== undefined) return print({ rules: [], controls: [controlDocument(control)] }, () => controlText(control, terminal));
  const meant = nearest(path, [...RULE_PACK.flatMap(({ id, name }) => [id, name]), ...CONTROL_CATALOGUE.map(({ id }) => id)]);
  const advice = meant ? `did you mean ${meant}?` : "'secure-ai explain --list' lists them";
  throw new CliError('USAGE', `there is no rule or control ${displayText(path)}; ${advice}`);
}

function ruleDocument(rule: Rule): object {
  return { ...rule, check: undefined };
}

function listText({ columns, colours }: Terminal): string {
  return [
    plainTable(RULE_PACK.map((rule): [string, string, string] => [rule.id, rule.severity, rule.title]), columns),
    colours.bold('Controls'),
    plainTable(CONTROL_CATALOGUE.map(({ id, area, title }): [string, string, string] => [id, area, title]), columns),
  ].join('\n\n');
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
