import { TemplateError } from './error';

/** Bounds that keep a hostile template from holding the process. */
export interface TemplateLimits {
  /** Levels of nesting in any value. @default 100 */
  readonly depth?: number;
  /** Resources over all templates. @default 100000 */
  readonly resources?: number;
  /** Nodes visited over all templates. @default 8000000 */
  readonly nodes?: number;
  /** Characters of one evaluated text. @default 8388608 */
  readonly textLength?: number;
  /** Characters put together by functions over all templates. @default 268435456 */
  readonly joinedText?: number;
}

/** Counts what evaluation uses and ends it with a `TemplateError` at the first excess. */
export class Budget {
  readonly depth: number;
  readonly resources: number;
  private readonly nodes: number;
  private readonly textLength: number;
  private readonly joinedText: number;
  private visited = 0;
  private joined = 0;

  constructor(limits: TemplateLimits = {}) {
    this.depth = limits.depth ?? 100;
    this.resources = limits.resources ?? 100_000;
    this.nodes = limits.nodes ?? 8_000_000;
    this.textLength = limits.textLength ?? 8 * 1024 * 1024;
    this.joinedText = limits.joinedText ?? 256 * 1024 * 1024;
  }

  /** One node at a depth. */
  visit(depth: number, where: () => string): void {
    if (depth > this.depth) {
      throw new TemplateError(
        'TOO_DEEP',
        `${where()} is nested deeper than ${this.depth} levels: flatten it, or check it for an object that contains itself`,
      );
    }
    this.visited += 1;
    if (this.visited > this.nodes) {
      throw new TemplateError(
        'TOO_LARGE',
        `the templates hold more than ${this.nodes} values: judge fewer stacks at once or raise limits.nodes`,
      );
    }
  }

  /** A text put together from parts. */
  text(length: number, where: () => string): void {
    this.joined += length;
    if (length > this.textLength || this.joined > this.joinedText) {
      throw new TemplateError(
        'TOO_LARGE',
        `${where()} builds a text of ${length} characters (${this.joined} in all): limits are ${this.textLength} and ${this.joinedText}`,
      );
    }
  }
}
