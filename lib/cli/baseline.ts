import { baselineFingerprints, baselineText } from '../assurance/baseline-file';
import type { Finding } from '../assurance/rules/finding';
import { CliError } from './cli-error';
import { readTextInput, shown } from './input-file';
import { writeOutput } from './output-file';

/** Writes findings as a baseline; replaces the file. */
export async function writeBaseline(file: string, findings: readonly Finding[]): Promise<void> {
  await writeOutput(file, Buffer.from(baselineText(findings)), 'baseline', true);
}

/** The fingerprints of a baseline. @throws CliError INPUT_INVALID when the file is no baseline */
export async function readBaseline(file: string): Promise<ReadonlySet<string>> {
  const text = await readTextInput(file, 'baseline');
  try {
    return baselineFingerprints(text);
  } catch (cause) {
    throw new CliError('INPUT_INVALID', `baseline ${shown(file)} ${(cause as Error).message}`, { cause });
  }
}
