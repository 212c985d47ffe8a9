/** Words that make a name the name of a password: whatever stands under it is one. */
const PASSWORDS = wordsOf('password passwd pwd passphrase passcode');

/** Words that make a name the name of a secret when it ends in them. */
const SECRETS = wordsOf('secret token apikey secretkey accesskey privatekey authtoken');

/** Words that make a name that ends in `key` the name of a secret. */
const KEYS = wordsOf('api secret access private shared auth signing account license session token hmac jwt');

/** Words before `token` that make it no secret: the tokens of language models, of paging, and of calls that are repeated. */
const PLAIN = [
  ...wordsOf('eos bos pad unk mask sep cls stop special max min num new per first last type input output image audio'),
  ...wordsOf('next continuation pagination client request creation idempotency service task public'),
];

/** Every word above has one of these in it: nearly all names have none. */
const ANY_WORD = /pass|pwd|secret|token|key/i;

/** How a name speaks of a secret. */
export type SecretName = 'PASSWORD' | 'SECRET';

/** Whether a name, such as `OPENAI_API_KEY`, is that of a secret; the name of its place, such as `SECRET_ARN`, is not. */
export function secretName(name: string): SecretName | undefined {
  if (!ANY_WORD.test(name)) return undefined;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^\d+$/.test(word));
  if (words.at(-1) === 'value') words.pop();
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (PASSWORDS.includes(last)) return 'PASSWORD';
  // A client token makes a call idempotent; a client secret is one.
  if (last === 'token' && PLAIN.includes(before)) return undefined;
  if (SECRETS.includes(last) && before !== 'public') return 'SECRET';
  return last === 'key' && KEYS.includes(before) ? 'SECRET' : undefined;
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ');
}
