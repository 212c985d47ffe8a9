import { AttackFileError } from '../assurance/attacks/attack-error';
import { EVERY_ATTACK } from '../assurance/attacks/catalogue';
import type { AnyAttack } from '../assurance/attacks/network-attack';
import { parseAttacks } from '../assurance/attacks/parse-attacks';
import type { ProofRunOptions } from '../assurance/attacks/proof-run';
import type { NamedPolicy } from '../assurance/prover';
import { ProverError } from '../assurance/prover';
import { TemplateError } from '../assurance/template';
import { CliError } from './cli-error';
import type { CommandLine } from './command-line';
import { readTextInput, shown } from './input-file';
import { nearest } from './nearest';

const CLOUDFORMATION = 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*';

/** The attacks that a command line asks for: those of the library and of files, or some of them. */
export async function attacksOf(line: CommandLine): Promise<AnyAttack[]> {
  const own: AnyAttack[] = [];
  for (const file of line.texts('attacks')) {
    const text = await readTextInput(file, 'file of attacks');
    try {
      own.push(...parseAttacks(text).attacks);
    } catch (cause) {
      if (cause instanceof AttackFileError) throw new CliError('INPUT_INVALID', `${shown(file)}: ${cause.message}`, { cause });
      throw cause;
    }
  }
  const all = [...EVERY_ATTACK, ...own];
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

/** What a command line says about the organisation around the templates. */
export async function surroundings(line: CommandLine): Promise<ProofRunOptions> {
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

/** @throws CliError in the place of an error about templates or policies */
export function asCliError<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TemplateError) throw new CliError(cause.code === 'BAD_FILE' ? 'INPUT_UNREADABLE' : 'INPUT_INVALID', cause.message, { cause });
    if (cause instanceof ProverError) throw new CliError('INPUT_INVALID', cause.message, { cause });
    throw cause;
  }
}
