import { artifactNameProblem } from './artifact-name';
import { sortedByCodePoint } from './code-point-order';
import { quoted, SigningError } from './signing-error';

/** What is never part of a model: version control files at its top, with what is below them. */
export const DEFAULT_IGNORES: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore'];

/** The usual name of a signature beside a model. */
export const SIGNATURE_NAME = 'model.sig';

/** Paths left out of a model: exact, relative to its root, each with all that is below it. */
export class IgnoreRules {
  private readonly ignored: ReadonlySet<string>;

  /** @throws SigningError IGNORE_PATH_INVALID - a path is not canonical or looks like a pattern */
  public constructor(paths: Iterable<string>) {
    this.ignored = new Set(paths);
    for (const path of this.ignored) {
      const problem = artifactNameProblem(path) ?? (/[*?[]/.test(path) ? 'looks like a pattern; give exact paths' : undefined);
      if (problem) throw new SigningError('IGNORE_PATH_INVALID', `ignore path ${quoted(path)} ${problem}`);
    }
  }

  public matches(name: string): boolean {
    for (let end = name.indexOf('/'); end !== -1; end = name.indexOf('/', end + 1)) {
      if (this.ignored.has(name.slice(0, end))) return true;
    }
    return this.ignored.has(name);
  }

  public get paths(): string[] {
    return sortedByCodePoint(this.ignored, (path) => path);
  }
}

/** The rules for a model whose signature has this name inside it, or lies elsewhere. @throws SigningError IGNORE_PATH_INVALID */
export function ignoredBeside(signatureName: string | false = SIGNATURE_NAME, more: Iterable<string> = []): IgnoreRules {
  return new IgnoreRules([...DEFAULT_IGNORES, ...(signatureName === false ? [] : [signatureName]), ...more]);
}
