import { CONTROL_CATALOGUE } from '../evidence/control-catalogue';
import type { ProofEvidence } from '../evidence/evidence';
import type { AttackResult, AttackVerdict } from './attack-result';
import type { ProofGroup } from './proof-run';

/** From the one that decides for all to the one that says least. */
const WORST_FIRST: readonly AttackVerdict[] = ['REFUTED', 'UNDETERMINED', 'PROVED', 'PROVED_VACUOUSLY', 'NOT_APPLICABLE'];

/** Requests that a report shows for one attack in one account; the command `prove` shows all. */
const MAX_REASONS = 3;

interface Judged {
  readonly account: string;
  readonly result: AttackResult;
}

/** Proofs as evidence: one for each attack, with the worst verdict of all accounts. */
export function proofEvidenceOf(groups: readonly ProofGroup[]): ProofEvidence[] {
  const byAttack = new Map<string, Judged[]>();
  for (const { account, results } of groups) {
    for (const result of results) byAttack.set(result.id, [...(byAttack.get(result.id) ?? []), { account, result }]);
  }
  return [...byAttack.values()].map(evidenceOf);
}

function evidenceOf(judged: readonly Judged[]): ProofEvidence {
  const verdict = WORST_FIRST.find((one) => judged.some(({ result }) => result.verdict === one)) ?? 'NOT_APPLICABLE';
  const deciding = judged.filter(({ result }) => result.verdict === verdict);
  const [{ result: first }] = deciding;
  const weakest = deciding.flatMap(({ result }) => result.layers).sort((a, b) => a.alone.length - b.alone.length).at(0);
  const known = new Set<string>(CONTROL_CATALOGUE.map(({ id }) => id));
  return {
    id: first.id,
    title: first.title,
    // Attacks of a user may name controls of other catalogues.
    controls: first.controls.filter((id) => known.has(id)) as ProofEvidence['controls'],
    verdict,
    layers: weakest?.alone.map((layer) => layer.toLowerCase().replaceAll('_', '-')) ?? [],
    details: [...new Set(deciding.flatMap(({ account, result }) => detailsOf(result).map((text) => (judged.length > 1 ? `${account}: ${text}` : text))))],
    assumptions: [...new Set(judged.flatMap(({ result }) => result.assumptions))],
  };
}

function detailsOf({ reasons, oneLayer }: AttackResult): string[] {
  const shown = reasons.slice(0, MAX_REASONS);
  const more = reasons.length > MAX_REASONS ? [`${reasons.length - MAX_REASONS} more: 'secure-ai prove' shows them`] : [];
  return [...shown, ...more, ...(oneLayer === undefined ? [] : [`one layer: ${oneLayer}`])];
}
