import type { AttackResult, AttackVerdict, LayersBy } from '../assurance/attacks/attack-result';
import type { MutationReport } from '../assurance/attacks/mutation-report';
import { type ProofGroup, runVerdict } from '../assurance/attacks/proof-run';
import { displayText } from './display-text';
import { plainTable } from './table';
import type { Colours, Terminal } from './terminal';

const CALLERS: Readonly<Record<LayersBy['callers'], string>> = {
  ROLE: 'role',
  USER: 'user',
  ACCOUNT_ADMIN: 'administrator',
  FOREIGN: 'other account',
  ANONYMOUS: 'anonymous',
  SERVICE: 'service',
  FEDERATED: 'federated',
  PACKET: 'packets',
  REQUEST: 'requests through endpoints',
};

const VERDICTS: readonly AttackVerdict[] = ['PROVED', 'PROVED_VACUOUSLY', 'REFUTED', 'UNDETERMINED', 'NOT_APPLICABLE'];

/** Shows proofs as a table for each account, and every request that refutes one. */
export function showProofs(
  groups: readonly ProofGroup[], mutations: readonly MutationReport[] | undefined, explain: boolean, terminal: Terminal,
): void {
  const { colours } = terminal;
  for (const { account, stacks, results } of groups) {
    terminal.out(`${colours.bold(displayText(account))}  ${colours.dim(stacks.map(displayText).join(', '))}`);
    const shown = results.filter(({ verdict }) => explain || verdict !== 'NOT_APPLICABLE');
    const rows = shown.map((r) => [paint(r.verdict, colours), r.id, [displayText(r.title), layersOf(r)].filter(Boolean).join(': ')] as const);
    if (rows.length > 0) terminal.out(plainTable(rows, terminal.columns));
    for (const result of shown) showReasons(result, explain, terminal);
    terminal.out('');
  }
  for (const report of mutations ?? []) showMutations(report, terminal);
  const all = groups.flatMap(({ results }) => results);
  const counts = VERDICTS.map((verdict) => [all.filter((r) => r.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0);
  const good = runVerdict(groups) === 'PROVED';
  terminal.out(`${good ? colours.green('✔') : colours.red('✘')} ${counts.map(([count, verdict]) => `${count} ${verdict}`).join(', ') || 'no attack to judge'}`);
  if (!explain) terminal.out(colours.dim('  --explain says what each verdict rests on'));
}

function showReasons(result: AttackResult, explain: boolean, terminal: Terminal): void {
  const { colours } = terminal;
  const { verdict, id, reasons } = result;
  // What a proof is not about is no detail.
  const shown = verdict === 'REFUTED' || verdict === 'UNDETERMINED' || (verdict === 'PROVED' && reasons.length > 0);
  if (!shown && !explain) return;
  terminal.out(`\n${paint(verdict, colours)} ${id} ${displayText(result.title)}`);
  for (const reason of reasons) terminal.out(`  ${displayText(reason)}`);
  if (!explain) return;
  const lines: [string, readonly string[]][] = [
    ['about', Object.entries(result.subjects).map(([name, arns]) => `${name}: ${arns.join(', ')}`)],
    ['tried as', result.callers],
    ['let through by', result.counterexamples.map((c) => `${c.principal}: ${c.allowedBy.join(', ') || 'no statement denies it'}`)],
    ['layers', result.layers.map((l) => `${CALLERS[l.callers]}: ${l.alone.join(', ') || 'none alone'}; opens without ${l.needed.join(', ') || 'none'}`)],
    ['one layer since', result.oneLayer === undefined ? [] : [result.oneLayer]],
    ['controls', result.controls],
    ['threats', result.threats.map((t) => `${t.id}${t.verified ? '' : ' (not compared with the catalogue)'}`)],
    ['assumed', result.assumptions],
    ['read widely', result.approximations],
  ];
  for (const [label, texts] of lines) texts.forEach((text, i) => terminal.out(colours.dim(`  ${(i === 0 ? label : '').padEnd(15)} ${displayText(text)}`)));
}

function showMutations({ account, total, killed, equivalent, twins, survivors }: MutationReport, terminal: Terminal): void {
  const { colours } = terminal;
  const counted = total - equivalent.length - twins.length;
  terminal.out(`${colours.bold(`weakened policies of ${displayText(account)}`)}  ${killed} of ${counted} noticed, ${equivalent.length} change nothing, ${twins.length} held by a second condition`);
  for (const { mutant } of survivors) terminal.out(`  ${colours.yellow('not noticed')}  ${displayText(mutant)}`);
  terminal.out('');
}

function layersOf({ verdict, layers }: AttackResult): string {
  if (verdict !== 'PROVED' && verdict !== 'PROVED_VACUOUSLY') return '';
  return layers.map(({ callers, alone }) => `${CALLERS[callers]} ${alone.length} (${alone.join(' ').toLowerCase().replaceAll('_', '-') || 'together'})`).join(', ');
}

function paint(verdict: AttackVerdict, colours: Colours): string {
  if (verdict === 'PROVED') return colours.green(verdict);
  if (verdict === 'REFUTED') return colours.red(verdict);
  return verdict === 'NOT_APPLICABLE' ? colours.dim(verdict) : colours.yellow(verdict);
}
