import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { runCommand } from './run-command';

const ATTEMPTS = 4;

/** Makes `.venv` with the requirements, or takes the one that has them already. Returns the directory of its commands. */
export async function pythonEnvironment(root: string): Promise<string> {
  const directory = path.join(root, '.venv');
  const requirements = path.join(root, 'test', 'interop', 'requirements.txt');
  const bin = path.join(directory, 'bin');
  const installed = path.join(directory, '.requirements-hash');
  const { stdout: version } = await runCommand('python3', ['-c', 'import sys; print(sys.version)']).catch((cause: unknown) => {
    throw new Error('the interop suites need python3, 3.10 or later: install it', { cause });
  });
  const wanted = createHash('sha256').update(version).update(fs.readFileSync(requirements)).digest('hex');
  if (fs.existsSync(installed) && fs.readFileSync(installed, 'utf8').trim() === wanted) return bin;

  fs.rmSync(directory, { recursive: true, force: true });
  await runCommand('python3', ['-m', 'venv', directory]).catch((cause: unknown) => {
    throw new Error("'python3 -m venv' failed: install Python's venv module (python3-venv on Debian)", { cause });
  });
  await install(path.join(bin, 'python'), requirements);
  fs.writeFileSync(installed, `${wanted}\n`);
  return bin;
}

async function install(python: string, requirements: string): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '-r', requirements];
  for (let attempt = 1; ; attempt++) {
    try {
      await runCommand(python, args, { timeout: 600_000 });
      return;
    } catch (cause) {
      if (attempt === ATTEMPTS) throw new Error(`pip install failed ${attempt} times`, { cause });
      process.stderr.write(`pip install failed, attempt ${attempt + 1} of ${ATTEMPTS} in ${attempt * 5} s\n`);
      await new Promise((resolve) => setTimeout(resolve, attempt * 5000));
    }
  }
}
