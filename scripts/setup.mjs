/**
 * Makes a checkout ready: dependencies by the lockfile, then the build. Does nothing when both are up to date.
 *
 * Runs before anything is installed, so it uses Node alone.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const NEEDED_NODE = [20, 19];
const INSTALL_ATTEMPTS = 4;
/** Recorded where `npm ci` and a clean build remove it. */
const INSTALLED = path.join(ROOT, 'node_modules', '.cdk-secure-ai-lockfile');
const BUILT = path.join(ROOT, 'dist', '.source-hash');
const LOCK = path.join(ROOT, '.cache', 'setup.lock');

const colour = process.stderr.isTTY && !process.env.NO_COLOR;
const dim = (text) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
const red = (text) => (colour ? `\u001b[31m${text}\u001b[39m` : text);

function fail(message) {
  process.stderr.write(`${red('setup failed:')} ${message}\n`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor < NEEDED_NODE[1])) {
    fail(`Node ${process.versions.node} is too old: install ${NEEDED_NODE.join('.')} or later`);
  }
}

function hashOf(files) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of files) hash.update(`\0${path.relative(ROOT, file)}\0`).update(fs.readFileSync(file));
  return hash.digest('hex');
}

function filesUnder(directory) {
  return fs
    .readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(path.join(directory, entry.name)) : [path.join(directory, entry.name)]));
}

function recorded(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : undefined;
}

/** Runs a step with one line of progress; its output is shown only when it fails. */
function step(name, command, args) {
  const started = Date.now();
  if (process.stderr.isTTY) process.stderr.write(dim(`${name} …`));
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  if (status === 0) process.stderr.write(dim(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`));
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

function install() {
  const wanted = hashOf([path.join(ROOT, 'package-lock.json')]);
  if (recorded(INSTALLED) === wanted) return;
  for (let attempt = 1; ; attempt++) {
    const { ok, output } = step('install dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (ok) break;
    if (attempt === INSTALL_ATTEMPTS) fail(`npm ci failed ${attempt} times; its last output:\n${output}`);
    process.stderr.write(dim(`npm ci failed, attempt ${attempt + 1} of ${INSTALL_ATTEMPTS} in ${attempt * 5} s\n`));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt * 5000);
  }
  fs.writeFileSync(INSTALLED, `${wanted}\n`);
}

function sourceHash() {
  const sources = ['lib', 'scripts'].flatMap((directory) => filesUnder(path.join(ROOT, directory)));
  return hashOf([...sources, ...['package.json', 'package-lock.json', 'tsconfig.json', 'README.md'].map((file) => path.join(ROOT, file))]);
}

function build() {
  if (recorded(BUILT) === sourceHash()) return;
  fs.rmSync(BUILT, { force: true });
  const { ok, output } = step('build the library', process.execPath, ['scripts/build.mjs']);
  if (!ok) fail(`the build failed:\n${output}`);
  // Read again: the build writes the exports into package.json.
  fs.writeFileSync(BUILT, `${sourceHash()}\n`);
}

/** Two set-ups at once would delete each other's files: the second one waits. */
function withLock(work) {
  fs.mkdirSync(path.dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      fs.writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isRunning(Number(recorded(LOCK)))) fs.rmSync(LOCK, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  process.on('exit', () => fs.rmSync(LOCK, { force: true }));
  work();
}

function isRunning(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

requireNode();
withLock(() => {
  install();
  build();
});
