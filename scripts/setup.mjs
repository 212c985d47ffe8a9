#!/usr/bin/env node
// Makes a fresh clone ready: dependencies first, then the build. Plain Node, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node that every dependency runs on. `engines` in package.json says the same, and a test compares them. */
export const MINIMUM_NODE = [20, 19];

const INSTALL_ATTEMPTS = 4;
const LOCK_WAIT_MS = 15 * 60_000;
const HEARTBEAT_MS = 10_000;

/** A failure whose message is all that a user needs. */
export class SetupError extends Error {}

/**
 * Throws when the running Node is older than the library supports.
 *
 * @param {string} version such as `20.19.0`
 */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    throw new SetupError(`Node ${version} is too old: install Node ${MINIMUM_NODE.join('.')} or newer (22 or 24 are recommended)`);
  }
}

/**
 * A digest of files and directories: names and contents, in one stable order. Missing files count as absent.
 *
 * @param {string} root
 * @param {readonly string[]} relativePaths
 */
export function digestOf(root, relativePaths) {
  const hash = createHash('sha256');
  for (const file of relativePaths.flatMap((relative) => filesUnder(root, relative)).sort()) {
    hash.update(`${file.split(path.sep).join('/')}\0`).update(fs.readFileSync(path.join(root, file))).update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} relative
 * @returns {string[]}
 */
function filesUnder(root, relative) {
  const stat = fs.statSync(path.join(root, relative), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [relative];
  return fs.readdirSync(path.join(root, relative)).flatMap((name) => filesUnder(root, path.join(relative, name)));
}

// What decides the result of an install: the lock, and the machine that its binaries are for.
/** @param {string} root */
function dependencyDigest(root) {
  return `${digestOf(root, ['package-lock.json'])} ${process.platform}-${process.arch}`;
}

// All that the build reads, but for package.json: the build itself brings its entry points in step with the areas.
const BUILD_INPUTS = [
  'bin/secure-ai.ts',
  'lib',
  'scripts/build.mjs',
  'scripts/bundle-cli.mjs',
  'scripts/bundle-rules.mjs',
  'scripts/bundle.mjs',
  'scripts/lazy-exports.mjs',
  'scripts/sync-exports.mjs',
  'package-lock.json',
  'tsconfig.json',
  'README.md',
];
const BUILD_OUTPUTS = ['dist/index.js', 'dist/index.d.ts', 'dist/cli/secure-ai.js', '.jsii', 'assets'];
const BUILD_STAMP = '.cache/build-stamp';

/** @param {string} root */
function buildIsCurrent(root) {
  if (BUILD_OUTPUTS.some((output) => !fs.existsSync(path.join(root, output)))) return false;
  return readIfPresent(path.join(root, BUILD_STAMP)) === `${digestOf(root, BUILD_INPUTS)} ${digestOf(root, ['package.json'])}`;
}

/** @param {string} file */
function readIfPresent(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/**
 * Runs `work` while no other process sets up the same clone. A lock whose owner is gone is taken over.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @param {(message: string) => void} [say]
 * @returns {Promise<T>}
 */
export async function withLock(root, work, say = () => {}) {
  const lock = path.join(root, '.cache', 'setup.lock');
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  await acquire(lock, say);
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/**
 * @param {string} lock
 * @param {(message: string) => void} say
 */
async function acquire(lock, say) {
  // A link appears together with its content, so that no reader sees a lock without owner.
  const mine = `${lock}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid));
  const started = Date.now();
  let announced = false;
  try {
    for (;;) {
      try {
        fs.linkSync(mine, lock);
        return;
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      const owner = Number(readIfPresent(lock));
      if (owner && !isAlive(owner)) {
        fs.rmSync(lock, { force: true });
        continue;
      }
      if (Date.now() - started > LOCK_WAIT_MS) {
        throw new SetupError(`process ${owner} has held ${lock} for too long: end it, or remove the file when it is not a set-up`);
      }
      if (!announced) say(`waiting for process ${owner}, which sets up the same clone`);
      announced = true;
      await sleep(200);
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Installs exactly what the lock says, unless that is what is there already.
 *
 * @param {string} root
 * @param {(label: string, command: string[]) => Promise<{ code: number, output: string }>} run
 * @param {(ms: number) => Promise<unknown>} [wait]
 */
export async function ensureDependencies(root, run, wait = sleep) {
  const stamp = path.join(root, 'node_modules', '.setup-stamp');
  const wanted = dependencyDigest(root);
  if (readIfPresent(stamp) === wanted) return false;
  fs.rmSync(stamp, { force: true });
  for (let attempt = 1; ; attempt++) {
    const label = attempt === 1 ? 'installing dependencies' : `installing dependencies, attempt ${attempt} of ${INSTALL_ATTEMPTS}`;
    const { code, output } = await run(label, [...npm(), 'ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline']);
    if (code === 0) break;
    if (attempt === INSTALL_ATTEMPTS) {
      throw new SetupError(`npm ci failed ${attempt} times: check the network and the registry of your npm settings\n${lastLines(output)}`);
    }
    await wait(2_000 * 3 ** (attempt - 1));
  }
  fs.writeFileSync(stamp, wanted);
  return true;
}

// Under `npm start` the npm that runs us; it may not be the first one on the path.
function npm() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.[cm]?js$/.test(cli)) return [process.execPath, cli];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** @param {string} output */
function lastLines(output) {
  return output.trim().split('\n').slice(-25).join('\n');
}

/**
 * @param {string} root
 * @param {(label: string, command: string[]) => Promise<{ code: number, output: string }>} run
 */
async function ensureBuild(root, run) {
  if (buildIsCurrent(root)) return false;
  const stamp = path.join(root, BUILD_STAMP);
  fs.rmSync(stamp, { force: true });
  // Taken before the build reads the sources: an edit while it runs counts as a change.
  const digest = digestOf(root, BUILD_INPUTS);
  const { code, output } = await run('building the library', [process.execPath, path.join('scripts', 'build.mjs')]);
  if (code !== 0) throw new SetupError(`the build failed\n${output.trim()}`);
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, `${digest} ${digestOf(root, ['package.json'])}`);
  return true;
}

/**
 * Runs a command, shows one progress line with elapsed seconds, and keeps the command's own output for a failure.
 *
 * @param {string} root
 * @param {string} label
 * @param {string[]} command
 * @returns {Promise<{ code: number, output: string }>}
 */
function runWithProgress(root, label, command) {
  const tty = Boolean(process.stderr.isTTY);
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const show = (/** @type {string} */ text) => process.stderr.write(tty ? `\r\u001b[2K${text}` : `${text}\n`);
  show(dim(`· ${label} …`));
  const timer = setInterval(() => show(dim(`· ${label} … ${seconds()}`)), tty ? 1000 : HEARTBEAT_MS);
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command[0].endsWith('.cmd'),
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      clearInterval(timer);
      reject(new SetupError(`cannot run ${command[0]}: ${error.message}`));
    });
    child.on('close', (code) => {
      clearInterval(timer);
      show(code === 0 ? `${green('✓')} ${label} ${dim(seconds())}` : `${red('✗')} ${label} ${dim(seconds())}`);
      if (tty) process.stderr.write('\n');
      resolve({ code: code ?? 1, output });
    });
  });
}

const colour = Boolean(process.stderr.isTTY) && !process.env.NO_COLOR;
const dim = (/** @type {string} */ text) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
const green = (/** @type {string} */ text) => (colour ? `\u001b[32m${text}\u001b[39m` : text);
const red = (/** @type {string} */ text) => (colour ? `\u001b[31m${text}\u001b[39m` : text);

/** @param {string} root */
async function main(root) {
  requireNode(process.versions.node);
  const stamp = path.join(root, 'node_modules', '.setup-stamp');
  // Without the lock when there is nothing to do: a second command next to a long one need not wait.
  if (readIfPresent(stamp) === dependencyDigest(root) && buildIsCurrent(root)) return;
  await withLock(
    root,
    async () => {
      const run = (/** @type {string} */ label, /** @type {string[]} */ command) => runWithProgress(root, label, command);
      await ensureDependencies(root, run);
      await ensureBuild(root, run);
    },
    (message) => process.stderr.write(`${dim(`· ${message}`)}${os.EOL}`),
  );
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(path.dirname(path.dirname(fileURLToPath(import.meta.url)))).catch((error) => {
    process.stderr.write(`${red('set-up failed')}: ${error instanceof SetupError ? error.message : String(error?.stack ?? error)}\n`);
    process.exitCode = 1;
  });
}
