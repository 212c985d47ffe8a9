import { mutationReport } from '../assurance/attacks/mutation-report';
import { judgesOf, proofsOf, runVerdict } from '../assurance/attacks/proof-run';
import { proofsDocument } from '../assurance/attacks/proofs-document';
import { sarifOf } from '../assurance/attacks/sarif';
import type { ExitCode, Invocation } from './command';
import { displayJson } from './display-text';
import { StepLine } from './progress-line';
import { asCliError, attacksOf, surroundings } from './proof-input';
import { showProofs } from './prove-text';
import { openPlace } from './template-place';

const EXITS = { PROVED: 0, REFUTED: 1, UNDETERMINED: 2 } as const;

/** Proves attacks on the templates of an assembly, or on one template. */
export async function proveCommand({ path, line, terminal, version }: Invocation): Promise<ExitCode> {
  const attacks = await attacksOf(line);
  const { inputs, postures } = openPlace([path]);
  const progress = new StepLine(terminal);
  const options = { ...(await surroundings(line)), postures };
  const { groups, mutations } = asCliError(() => {
    const judged = judgesOf(inputs, options);
    const proved = proofsOf(judged, attacks, (step) => progress.step(step));
    if (!line.has('mutate')) return { groups: proved };
    const reports = judged.map(({ account, judge }) => mutationReport(account, judge, attacks, (text) => progress.step(`weakening ${text}`)));
    return { groups: proved, mutations: reports };
  });
  progress.end();
  if (line.has('sarif')) terminal.out(displayJson(sarifOf(groups, version, path)));
  else if (line.has('json')) terminal.out(displayJson({ ...proofsDocument(groups), ...(mutations ? { mutations } : {}) }));
  else showProofs(groups, mutations, line.has('explain'), terminal);
  return EXITS[runVerdict(groups)];
}
