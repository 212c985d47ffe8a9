import { CONTROL_CATALOGUE } from '../../lib/assurance/evidence/control-catalogue';
import { FRAMEWORKS, mappingsOf } from '../../lib/assurance/evidence/framework-mappings';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { table } from './markdown';

/** `docs/controls.md`: the catalogue, the rules that check each control, and what it supports elsewhere. */
export function controlsPage(): string {
  const areas = [...new Set(CONTROL_CATALOGUE.map(({ area }) => area))];
  return [
    '# Controls',
    `Printed from the catalogue; do not edit. ${CONTROL_CATALOGUE.length} controls. A mapping means "supports", never "complies with". ` +
      'A dagger marks an id that was not compared with the framework\'s own text.',
    ...areas.flatMap((area) => [
      `## ${area}`,
      table(
        ['Control', 'What must hold', 'Checked by'],
        CONTROL_CATALOGUE.filter((control) => control.area === area).map(({ id, title, need }) => [`${id} ${title}`, need, rulesFor(id)]),
      ),
    ]),
    '## Frameworks',
    ...FRAMEWORKS.flatMap(({ name, verified }) => [
      `### ${name}`,
      verified ? '' : 'Unverified.',
      table(['Control', 'Supports'], CONTROL_CATALOGUE.map(({ id }) => [id, supported(id, name)]).filter(([, ids]) => ids !== '')),
    ]),
  ].filter((part) => part !== '').join('\n\n') + '\n';
}

function rulesFor(control: string): string {
  return RULE_PACK.filter(({ controls }) => (controls as readonly string[]).includes(control)).map(({ id }) => `[${id}](rules.md#${id.toLowerCase()})`).join(' ');
}

function supported(control: (typeof CONTROL_CATALOGUE)[number]['id'], framework: string): string {
  return mappingsOf(control)
    .filter((mapping) => mapping.framework === framework)
    .map(({ id, verified }) => `${id}${verified ? '' : '†'}`)
    .join(', ');
}
