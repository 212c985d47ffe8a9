import { artifactNameProblem } from './artifact-name';
import { sortedByCodePoint } from './code-point-order';
import { SIGNATURE_NAME } from './signature-name';
import { quoted, SigningError } from './signing-error';

/** What is never part of a model: version control files at its top, with what is below them. */
export const DEFAULT_IGNORES: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore'];

/** Paths left out of a model, exact and relative to its root. */
export class IgnoreRules {
  private readonly trees: ReadonlySet<string>;
  private readonly files: ReadonlySet<string>;

  /**
   * @param trees left out with all that is below them
   * @param files left out as files; a directory of the same name is not
   * @throws SigningError IGNORE_PATH_INVALID - a path is not canonical or looks like a pattern
   */
  public constructor(trees: Iterable<string>, files: Iterable<string> = []) {
    this.trees = new Set(trees);
    this.files = new Set(files);
    for (const path of this.paths) {
      const problem = artifactNameProblem(path) ?? (/[*?[]/.test(path) ? 'looks like a pattern; give exact paths' : undefined);
      if (problem) throw new SigningError('IGNORE_PATH_INVALID', `ignore path ${quoted(path)} ${problem}`);
    }
  }

  public matches(name: string): boolean {
    for (let end = name.indexOf('/'); end !== -1; end = name.indexOf('/', end + 1)) {
      if (this.trees.has(name.slice(0, end))) return true;
    }
    return this.trees.has(name) || this.files.has(name);
  }

  /** Further trees beside these. */
  public with(trees: Iterable<string>): IgnoreRules {
    return new IgnoreRules([...this.trees, ...trees], this.files);
  }

  public get paths(): string[] {
    return sortedByCodePoint(new Set([...this.trees, ...this.files]), (path) => path);
  }
}

/** The rules for a model whose signature has this name inside it, or lies elsewhere. @throws SigningError IGNORE_PATH_INVALID */
export function ignoredBeside(signatureName: string | false = SIGNATURE_NAME, more: Iterable<string> = []): IgnoreRules {
  return new IgnoreRules([...DEFAULT_IGNORES, ...more], signatureName === false ? [] : [signatureName]);
}
