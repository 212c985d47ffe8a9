import type { Unknown, Value } from '../template';
import { textParts } from '../template';

/** A script as far as it is known. */
export interface ScriptText {
  /** The known text, with a space for each unknown part. */
  readonly text: string;
  /** Parts that are filled in at deploy time. */
  readonly unknown: readonly Unknown[];
}

/** Reads a script that stands in a template in plain text or in base64; undefined when the value is no text at all. */
export function scriptText(value: Value | undefined): ScriptText | undefined {
  const parts = textParts(value);
  if (parts === undefined) return undefined;
  const unknown = parts.filter((part): part is Unknown => typeof part !== 'string');
  const text = parts.map((part) => (typeof part === 'string' ? part : ' ')).join('');
  return { text: unknown.length === 0 ? decoded(text) : text, unknown };
}

function decoded(text: string): string {
  const packed = text.replace(/\s/g, '');
  // Scripts hold spaces and '#': a text of base64 letters alone, in whole groups, is none.
  if (packed.length < 16 || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return text;
  return Buffer.from(packed, 'base64').toString('utf8');
}
