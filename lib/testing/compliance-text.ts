import type { Evidence } from '../assurance/evidence/evidence';

/** More places than this are counted: fifty alike endpoints are one line. */
const SHOWN_PLACES = 8;

/** Controls, packs, proofs and what holds data, one fact a line. */
export function complianceText(evidence: Evidence): string {
  return [
    'Compliance of the synthesised templates. A line that changes here is a protection that changes.',
    ...part('Stacks', evidence.templates.map(({ name, account, region }) => `${name}: ${account}, ${region}`)),
    ...part('Postures', [...new Set(evidence.postures.map(({ at, data }) => `${at}: ${facts(data)}`))]),
    ...part('Packs', evidence.packs.map(({ name, completed, rules, open }) => `${name}: ${completed ? `${rules} rules, ${open} open` : 'NOT COMPLETED'}`)),
    ...part('Findings of the library’s rules that are open', ownOpen(evidence)),
    ...part('Findings that stay on purpose', acknowledgements(evidence)),
    ...part('Weaker choices', evidence.weakerChoices.map(({ at, setting, owner, expires, reason }) => `${at}: ${setting} until ${expires} (${owner}): ${reason}`)),
    ...part('Controls', evidence.controls.filter(({ status }) => status !== 'NOT_BUILT').map((control) => controlLine(control))),
    ...part('Controls for which nothing is built', [evidence.controls.filter(({ status }) => status === 'NOT_BUILT').map(({ id }) => id).join(' ') || 'none']),
    ...part('Attacks', evidence.proofs.filter(({ verdict }) => verdict !== 'NOT_APPLICABLE').map(({ id, title, verdict, layers }) =>
      `${id} ${verdict}: ${title}${layers.length > 0 ? ` (stopped by ${layers.join(', ')})` : ''}`)),
    ...part('What holds data, models or keys', inventory(evidence)),
    ...part('Gaps', evidence.gaps),
    '',
  ].join('\n');
}

/** What the library's own rules found and nobody acknowledged, one a line. */
export function ownOpen({ findings }: Evidence): string[] {
  return findings
    .filter(({ evidenceOnly }) => !evidenceOnly)
    .map(({ ruleId, verdict, constructPath, resource, message }) => `${ruleId} ${verdict.toLowerCase()} at ${constructPath ?? resource}: ${message}`)
    .sort();
}

function part(title: string, lines: readonly string[]): string[] {
  return ['', `## ${title}`, ...(lines.length > 0 ? lines.map((line) => `- ${line}`) : ['- none'])];
}

function facts(data: Readonly<Record<string, unknown>>): string {
  // The day of the synthesis is no protection.
  return Object.entries(data).filter(([name]) => name !== 'evaluationDate').map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ');
}

function controlLine({ id, status, title, declaredBy, rules, proofs }: Evidence['controls'][number]): string {
  const judged = rules.map((rule) => `${rule.id}${rule.violated + rule.undetermined > 0 ? ` (${rule.violated} violated, ${rule.undetermined} undetermined)` : ''}`);
  const shown = [
    ...(judged.length > 0 ? [`rules ${judged.join(' ')}`] : []),
    ...(proofs.length > 0 ? [`attacks ${proofs.join(' ')}`] : []),
    `declared by ${declaredBy.length > 0 ? places(declaredBy) : 'nobody'}`,
  ];
  return `${id} ${status}: ${title}; ${shown.join('; ')}`;
}

/** By class and rule: the finding in brackets holds logical ids, whose hashes say nothing. */
function acknowledgements({ packAcknowledgements, acknowledged }: Evidence): string[] {
  const found = new Map<string, Set<string>>();
  const add = (key: string, at: readonly string[]) => {
    const known = found.get(key) ?? new Set();
    for (const one of at) known.add(one);
    found.set(key, known);
  };
  for (const { rule, classId, kind, resources } of packAcknowledgements) add(`${rule.replace(/\[.*$/s, '')} as ${classId} (${kind})`, resources);
  for (const { ruleId, reason, constructPath, resource } of acknowledged) add(`${ruleId} as ${reason.split(':')[0]}`, [constructPath ?? resource]);
  return [...found].map(([key, at]) => `${key} at ${places([...at].sort())}`).sort();
}

function inventory({ inventory: items }: Evidence): string[] {
  const found = new Map<string, string[]>();
  for (const { type, dataClass, keys, constructPath, resource } of items.filter((item) => item.type !== 'AWS::KMS::Key')) {
    const key = `${type}, ${dataClass ?? 'no class'}, ${keys.length > 0 ? 'own key' : 'no key of these templates'}`;
    found.set(key, [...(found.get(key) ?? []), constructPath ?? resource]);
  }
  return [...found].map(([key, at]) => `${key}: ${places(at.sort())}`).sort();
}

function places(at: readonly string[]): string {
  if (at.length <= SHOWN_PLACES) return at.join(' ');
  return `${at.slice(0, SHOWN_PLACES).join(' ')} and ${at.length - SHOWN_PLACES} more`;
}
