/** The command `secure-ai`, bundled to one file by scripts/bundle-cli.mjs. */
import { runCli } from '../lib/cli/main';
import { terminalOf } from '../lib/cli/terminal';

/** Set by the bundler. */
declare const SECURE_AI_VERSION: string;

// Who closes a pipe early, as `head` does, has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void runCli(process.argv.slice(2), {
  terminal: terminalOf(process.stdout, process.stderr, process.env),
  version: SECURE_AI_VERSION,
  now: new Date(),
  environment: process.env,
}).then((code) => {
  process.exitCode = code;
});
