/** Words that make a name the name of a password: whatever stands under it is one. */
const PASSWORDS: readonly string[] = ['password', 'passwd', 'pwd', 'passphrase', 'passcode'];

/** Words that make a name the name of a secret when it ends in them. */
const SECRETS: readonly string[] = ['secret', 'token', 'credential', 'credentials', 'apikey', 'secretkey', 'accesskey', 'privatekey', 'authtoken'];

/** Words that make a name that ends in `key` the name of a secret. */
const KEYS: readonly string[] = ['api', 'secret', 'access', 'private', 'auth', 'signing', 'account', 'license', 'session', 'token', 'hmac', 'jwt'];

/** Words of tokens that are no secret: those of language models and of paging. */
const PLAIN: readonly string[] = [
  ...['eos', 'bos', 'pad', 'unk', 'mask', 'sep', 'cls', 'stop', 'max', 'min', 'num', 'next', 'continuation', 'special', 'new', 'input', 'output'],
  ...['public', 'per', 'type', 'first', 'last', 'client', 'image', 'audio', 'idempotency', 'task'],
];

/** How a name speaks of a secret. */
export type SecretName = 'PASSWORD' | 'SECRET';

/** Whether a name, such as `OPENAI_API_KEY`, is that of a secret; the name of its place, such as `SECRET_ARN`, is not. */
export function secretName(name: string): SecretName | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word));
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (PASSWORDS.includes(last)) return 'PASSWORD';
  // A client token makes a call idempotent; a client secret is one.
  if (last === 'token' && PLAIN.includes(before)) return undefined;
  if (SECRETS.includes(last) && before !== 'public') return 'SECRET';
  return last === 'key' && KEYS.includes(before) ? 'SECRET' : undefined;
}
