/** What a suite is given. */
export interface InteropContext {
  /** The checkout. */
  readonly root: string;
  /** The interpreter of the Python environment with `requirements.txt`. */
  readonly python: string;
  /** The path of a command of that environment. */
  bin(name: string): string;
  /** A directory of the suite's own, deleted afterwards. */
  readonly temp: string;
}

/** What a suite found: one text for each failure. */
export interface InteropResult {
  readonly passed: number;
  readonly failed: string[];
}

/** A module `test/interop/<name>.interop.ts`. */
export interface InteropSuite {
  readonly name: string;
  run(context: InteropContext): Promise<InteropResult>;
}
