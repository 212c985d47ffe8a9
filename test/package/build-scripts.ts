import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './consumer';

/** What scripts/sync-exports.mjs gives. */
export interface SyncExports {
  areasOf(root: string): string[];
  expectedExports(areas: readonly string[]): { exports: Record<string, unknown>; typesVersions: Record<string, unknown> };
}

/** What scripts/lazy-exports.mjs gives. */
export interface LazyExports {
  makeRootLazy(file: string): void;
  makeAreaLazy(file: string): void;
}

/** What scripts/bundle.mjs gives. */
export interface Bundle {
  bundleHandlers(root: string, outdir: string): Promise<void>;
}

/** A build script as a module; they are plain JavaScript, so their shape is said here. */
export async function buildScript<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(path.join(ROOT, 'scripts', name)).href)) as T;
}
