import { knownKeyIn } from './key-formats';
import { secretName } from './secret-names';

/** Values that stand where a secret should be, but are none: where it is kept, what is filled in later, what only looks random. */
const HARMLESS: readonly RegExp[] = [
  /^arn:/,
  /^\{\{/,
  /\$\{|\$\(|^\$[A-Za-z_.[]|<[^>]*>|^%[A-Z_]+%$/,
  /^(?:https?|s3|ssm|secretsmanager|file|vault):\/\/[^@]*$/i,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^(?:sha(?:256|384|512)[:-])[A-Za-z0-9+/=]+$/,
  /example|dummy|placeholder|change[-_ ]?me|replace|your[-_ ]|todo|redacted|xxxx|\*\*\*/i,
  /^(?:none|null|undefined|true|false|test|n\/?a)$/i,
];

/** A name or a path, such as prod/db/password: what is looked up by it is elsewhere. */
const NAMES: readonly RegExp[] = [/^\/?[A-Za-z][A-Za-z]*(?:[-_./][A-Za-z]+)+$/, /^\/?[a-z][a-z0-9]*(?:[-_./][a-z0-9]+)+$/];
/** What the name of a kept password says and a password made of words does not: what it is, whose, or where; or it is a path. */
const SAYS_WHAT_IT_IS = /[/.]|secret|pass|pwd|cred|key|token|vault|admin|user|db|database|sql|prod|dev|stag|test/i;

/** How a literal value is a secret, such as "a GitHub token", or undefined when it is none. The value itself is never repeated. */
export function secretIn(name: string, value: string): string | undefined {
  const known = knownKeyIn(value);
  if (known !== undefined) return known;
  const called = secretName(name);
  if (called === undefined || value.length < 6 || value.length > 4096 || /\s/.test(value)) return undefined;
  if (HARMLESS.some((pattern) => pattern.test(value))) return undefined;
  if (NAMES.some((pattern) => pattern.test(value)) && (called !== 'PASSWORD' || SAYS_WHAT_IT_IS.test(value))) return undefined;
  if (called === 'PASSWORD') return 'a password';
  return isRandom(value) ? 'what looks like a key' : undefined;
}

/** Letters and digits in a mix that nobody types: three bits a character and more. */
function isRandom(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3;
}

/** Shannon entropy in bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
