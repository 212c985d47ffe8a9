import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { CHECKS_FILE, type ChecksFile } from '../checks-file';

/**
 * Compares the results with the assembly that they lie in.
 *
 * @throws when a stack of the judged scope was not judged, or its template is not the one that was judged.
 */
export function judgedAsWritten(outdir: string, content: ChecksFile): void {
  const judged = new Map(content.stacks.map((stack) => [stack.path, stack]));
  const inScope = content.scope === '' ? () => true : (stackPath: string) => stackPath.startsWith(`${content.scope}/`);
  const present = openAssembly(outdir).stacksRecursively.filter((stack) => inScope(stack.hierarchicalId));
  for (const stack of present) {
    const entry = judged.get(stack.hierarchicalId);
    if (!entry)
      throw new Error(`stack "${stack.hierarchicalId}" is in the assembly but not in ${CHECKS_FILE}: it was not judged; synthesise again`);
    if (digestOf(stack.templateFullPath) !== entry.sha256) {
      throw new Error(`template "${entry.template}" is not the one that was judged: it changed after the packs ran; synthesise again`);
    }
    judged.delete(stack.hierarchicalId);
  }
  for (const stackPath of judged.keys())
    throw new Error(`${CHECKS_FILE} speaks of stack "${stackPath}", which is not in the assembly: synthesise again`);
}

function openAssembly(outdir: string): CloudAssembly {
  try {
    return new CloudAssembly(outdir, { skipVersionCheck: true });
  } catch (error) {
    throw new Error(`"${outdir}" is not a readable cloud assembly: its results belong to no template`, { cause: error });
  }
}

function digestOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch {
    // A template that is not there was not judged as it is.
    return undefined;
  }
}
