import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { CliError } from './cli-error';
import { shown, systemReason } from './input-file';

/** One file as it was read and as it shall be. */
export interface FileChange {
  readonly file: string;
  /** @default - there was none */
  readonly before?: string;
  readonly after: string;
}

interface Draft extends FileChange {
  readonly draft: string;
  /** The file itself, where its name is a link. */
  readonly target: string;
}

/**
 * Makes every change or none: all texts are written under other names first, then put in their places. A file that somebody else changed,
 * or made, since it was read ends the whole.
 *
 * @throws CliError OUTPUT_FAILED or OUTPUT_EXISTS; everything is as it was
 */
export async function applyChanges(changes: readonly FileChange[]): Promise<void> {
  const drafts: Draft[] = [];
  const placed: Draft[] = [];
  let now = changes.at(0)?.file ?? '';
  try {
    for (const change of changes) {
      now = change.file;
      drafts.push(await drafted(change));
    }
    for (const draft of drafts) {
      now = draft.file;
      await assertUnchanged(draft);
      // A link does not replace what came into being in the meantime.
      if (draft.before === undefined) await link(draft.draft, draft.target);
      else await rename(draft.draft, draft.target);
      placed.push(draft);
    }
  } catch (cause) {
    for (const { before, target } of placed) {
      if (before === undefined) await rm(target, { force: true });
      else await writeFile(target, before);
    }
    if (cause instanceof CliError) throw cause;
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const [code, why] = exists ? (['OUTPUT_EXISTS', 'exists already'] as const) : (['OUTPUT_FAILED', systemReason(cause)] as const);
    throw new CliError(code, `${shown(now)} ${why}; nothing was changed`, { cause });
  } finally {
    for (const { draft } of drafts) await rm(draft, { force: true });
  }
}

async function drafted(change: FileChange): Promise<Draft> {
  const target = change.before === undefined ? change.file : await realpath(change.file);
  await mkdir(path.dirname(target), { recursive: true });
  const draft = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(draft, change.after, { flag: 'wx' });
  if (change.before !== undefined) await chmod(draft, (await stat(target)).mode);
  return { ...change, draft, target };
}

async function assertUnchanged({ file, before, target }: Draft): Promise<void> {
  if (before === undefined || (await readFile(target, 'utf8')) === before) return;
  throw new CliError('OUTPUT_FAILED', `${shown(file)} was changed by somebody else in the meantime; nothing was changed here, try again`);
}
