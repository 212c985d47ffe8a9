import type { Unknown, Value } from '../../template';
import { textParts } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { scriptText } from '../script-text';
import { knownKeyIn } from './key-formats';
import { secretName } from './secret-names';
import { secretIn } from './secret-text';

const ASSIGNED = /([A-Za-z_][A-Za-z0-9_.-]{0,100})["']?[ \t]{0,4}[=:][ \t]{0,4}["']?([^\s"'`;&|,]{6,4096})/g;

const BEFORE = /([A-Za-z_][A-Za-z0-9_.-]{0,100})["']?[ \t]{0,4}[=:][ \t]{0,4}["']?$/;

/** Judges a script for secrets: known formats anywhere, and literals that are assigned to the name of a secret. */
export function judgeScript(value: Value | undefined, path: string): Judgement {
  const script = scriptText(value);
  if (script === undefined) return COMPLIANT;
  const known = knownKeyIn(script.text);
  if (known !== undefined) return violated(`the text holds ${known}`, path);
  for (const [, name, assigned] of script.text.matchAll(ASSIGNED)) {
    if (secretName(name) === undefined) continue;
    const found = secretIn(name, assigned);
    if (found !== undefined) return violated(`the text gives ${found} to '${name}'`, path);
  }
  const open = openSecret(value);
  return open === undefined ? COMPLIANT : undetermined(`a part of the text is not known: ${open.reason}`, path);
}

/** A parameter that is the whole text, or that is assigned to the name of a secret. */
function openSecret(value: Value | undefined): Unknown | undefined {
  const parts = textParts(value) ?? [];
  return parts.find((part, i): part is Unknown => {
    if (typeof part === 'string' || !part.isParameter || part.origin !== undefined) return false;
    const before = i === 0 ? '' : parts[i - 1];
    const name = typeof before === 'string' ? BEFORE.exec(before)?.[1] : undefined;
    return parts.length === 1 || (name !== undefined && secretName(name) !== undefined);
  });
}
