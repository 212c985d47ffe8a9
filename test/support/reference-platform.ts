import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Synthesises the reference platform, as `cdk synth` does, into a directory of its own; gives the directory. Once per test file. */
export async function referenceAssembly(): Promise<string> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'reference-platform-'));
  process.env.CDK_OUTDIR = outdir;
  try {
    await import('../../bin/reference-platform.js');
  } finally {
    delete process.env.CDK_OUTDIR;
  }
  return outdir;
}
