import { CONTROL_CATALOGUE, type Control } from '../assurance/evidence/control-catalogue';
import { FRAMEWORKS, mappingsOf } from '../assurance/evidence/framework-mappings';
import type { Rule } from '../assurance/rules/rule';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { plainTable } from './table';
import type { Terminal } from './terminal';

/** A control of the catalogue by its id, in any case; `ML4` is not `ML4a`. */
export function controlNamed(given: string): Control | undefined {
  return CONTROL_CATALOGUE.find(({ id }) => id.toLowerCase() === given.toLowerCase());
}

/** A control as JSON shows it. */
export function controlDocument(control: Control): object {
  return { ...control, rules: rulesOf(control).map(({ id }) => id), mappings: mappingsOf(control.id) };
}

/** A control for people: what must hold, which rules check it, and what it supports elsewhere. */
export function controlText(control: Control, { colours, columns }: Terminal): string {
  const rules = rulesOf(control).map((rule): [string, string, string] => [`  ${rule.id}`, rule.severity, rule.title]);
  const supports = supportedBy(control).map((row): [string, string, string] => [`  ${row[0]}`, row[1], '']);
  return [
    `${colours.bold(control.id)}  ${control.title}  ${control.area}`,
    control.need,
    '',
    colours.bold('Checked by'),
    rules.length > 0 ? plainTable(rules, columns) : '  no rule; constructs declare it, and the report shows where',
    '',
    `${colours.bold('Supports')}  an audit of these; it claims no compliance`,
    plainTable(supports, undefined),
    ...(supports.some(([, ids]) => ids.includes('†')) ? ["  † not compared with the framework's own text"] : []),
  ].join('\n');
}

function rulesOf({ id }: Control): Rule[] {
  return RULE_PACK.filter(({ controls }) => controls.includes(id));
}

function supportedBy({ id }: Control): [string, string][] {
  const mappings = mappingsOf(id);
  return FRAMEWORKS.flatMap(({ name }): [string, string][] => {
    const ids = mappings.filter(({ framework }) => framework === name).map((one) => `${one.id}${one.verified ? '' : '†'}`);
    return ids.length > 0 ? [[name, ids.join(', ')]] : [];
  });
}
