import { stat } from 'node:fs/promises';
import { AttackFileError } from '../assurance/attacks/attack-error';
import type { AttackSpec } from '../assurance/attacks/attack-spec';
import { ATTACK_CATALOGUE } from '../assurance/attacks/catalogue';
import { mutationReport, type MutationReport } from '../assurance/attacks/mutation-report';
import { parseAttacks } from '../assurance/attacks/parse-attacks';
import { judgesOf, type ProofGroup, type ProofRunOptions, runVerdict } from '../assurance/attacks/proof-run';
import { proofsDocument } from '../assurance/attacks/proofs-document';
import { sarifOf } from '../assurance/attacks/sarif';
import { type NamedPolicy, ProverError } from '../assurance/prover';
import { TemplateError, type TemplateInput } from '../assurance/template';
import { type PostureRecords, readAssembly, readPostures, readTemplate } from '../assurance/template-source';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { displayJson } from './display-text';
import { readTextInput, shown, systemReason } from './input-file';
import { nearest } from './nearest';
import { StepLine } from './progress-line';
import { showProofs } from './prove-text';

const CLOUDFORMATION = 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*';
const EXITS = { PROVED: 0, REFUTED: 1, UNDETERMINED: 2 } as const;

/** Proves attacks on the templates of an assembly, or on one template. */
export async function proveCommand({ path, line, terminal, version }: Invocation): Promise<ExitCode> {
  const attacks = await attacksOf(line);
  const { inputs, postures } = await templatesAt(path);
  const progress = new StepLine(terminal);
  const options = { ...(await surroundings(line)), postures };
  const { groups, mutations } = asCliError(() => proofs(inputs, attacks, options, line.has('mutate'), (step) => progress.step(step)));
  progress.end();
  if (line.has('sarif')) terminal.out(displayJson(sarifOf(groups, version, path)));
  else if (line.has('json')) terminal.out(displayJson({ ...proofsDocument(groups), ...(mutations ? { mutations } : {}) }));
  else showProofs(groups, mutations, line.has('explain'), terminal);
  return EXITS[runVerdict(groups)];
}

function proofs(
  inputs: readonly TemplateInput[],
  attacks: readonly AttackSpec[],
  options: ProofRunOptions,
  mutate: boolean,
  onStep: (text: string) => void,
): { groups: ProofGroup[]; mutations?: MutationReport[] } {
  const judged = judgesOf(inputs, options);
  const groups = judged.map(({ account, stacks, judge }) => ({
    account,
    stacks,
    results: attacks.map((attack) => {
      onStep(`proving ${attack.id} for ${account}`);
      return judge.judge(attack);
    }),
  }));
  if (!mutate) return { groups };
  const mutations = judged.map(({ account, judge }) => mutationReport(account, judge, attacks, (text) => onStep(`weakening ${text}`)));
  return { groups, mutations };
}

async function attacksOf(line: CommandLine): Promise<AttackSpec[]> {
  const own: AttackSpec[] = [];
  for (const file of line.texts('attacks')) {
    const text = await readTextInput(file, 'file of attacks');
    try {
      own.push(...parseAttacks(text).attacks);
    } catch (cause) {
      if (cause instanceof AttackFileError) throw new CliError('INPUT_INVALID', `${shown(file)}: ${cause.message}`, { cause });
      throw cause;
    }
  }
  const all = [...ATTACK_CATALOGUE, ...own];
  const twice = all.find(({ id }, i) => all.findIndex((one) => one.id === id) !== i);
  if (twice) throw new CliError('INPUT_INVALID', `two attacks have the id ${shown(twice.id)}; give yours another one`);
  const wanted = line.texts('attack');
  for (const id of wanted) {
    if (all.some((attack) => isMeant(attack.id, id))) continue;
    const meant = nearest(id.toUpperCase(), all.map((attack) => attack.id));
    throw new CliError('USAGE', `no attack has the id ${shown(id)}${meant ? `; did you mean ${meant}?` : ''}`);
  }
  return wanted.length === 0 ? all : all.filter((attack) => wanted.some((id) => isMeant(attack.id, id)));
}

/** An id, or the id without the letter that tells its variants apart. */
function isMeant(id: string, wanted: string): boolean {
  return id === wanted || id.replace(/[A-Z]$/, '') === wanted.toUpperCase() || id.toUpperCase() === wanted.toUpperCase();
}

async function templatesAt(path: string): Promise<{ inputs: TemplateInput[]; postures: PostureRecords }> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CliError('INPUT_UNREADABLE', `${shown(path)} ${systemReason(cause)}; give a cloud assembly (cdk.out) or a template`, { cause });
  });
  if (found.isDirectory()) return asCliError(() => ({ inputs: readAssembly(path), postures: readPostures(path) }));
  if (!found.isFile()) throw new CliError('INPUT_UNREADABLE', `${shown(path)} is neither a directory nor a regular file`);
  return asCliError(() => ({ inputs: [readTemplate(path)], postures: new Map() }));
}

async function surroundings(line: CommandLine): Promise<ProofRunOptions> {
  const organizationId = line.text('organization');
  if (organizationId !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organizationId)) {
    throw new CliError('USAGE', `--organization is ${shown(organizationId)}; give an id such as o-a1b2c3d4e5`);
  }
  const regions = line.texts('region');
  return {
    operators: [CLOUDFORMATION, ...line.texts('operator')],
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(regions.length === 0 ? {} : { regions }),
    serviceControlPolicies: await policies(line.texts('scp')),
    resourceControlPolicies: await policies(line.texts('rcp')),
  };
}

async function policies(files: readonly string[]): Promise<NamedPolicy[][]> {
  return Promise.all(files.map(async (file) => {
    const text = await readTextInput(file, 'policy');
    try {
      return [{ name: file, document: JSON.parse(text) as unknown }];
    } catch (cause) {
      throw new CliError('INPUT_INVALID', `the policy ${shown(file)} is no JSON: ${(cause as Error).message}`, { cause });
    }
  }));
}

function asCliError<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TemplateError) throw new CliError(cause.code === 'BAD_FILE' ? 'INPUT_UNREADABLE' : 'INPUT_INVALID', cause.message, { cause });
    if (cause instanceof ProverError) throw new CliError('INPUT_INVALID', cause.message, { cause });
    throw cause;
  }
}
