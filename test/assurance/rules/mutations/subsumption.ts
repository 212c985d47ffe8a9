type Json = Record<string, unknown>;

/** What a statement may hold; one with anything else is compared with nothing. */
const ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/**
 * Whether each request that the narrow Deny refuses is refused by the wide one as well, whatever is deployed: so the narrow one can go.
 *
 * Strict: what is not certain from the two texts alone is "no". Intrinsic functions are equal to themselves and to nothing else.
 */
export function refusesAll(wide: Json, narrow: Json): boolean {
  if (![wide, narrow].every((one) => one.Effect === 'Deny' && Object.keys(one).every((element) => ELEMENTS.includes(element)))) return false;
  return (
    coversPrincipals(wide, narrow) &&
    covers(wide, narrow, 'Action', (text) => text.toLowerCase()) &&
    covers(wide, narrow, 'Resource', (text) => text) &&
    isImplied(wide.Condition, narrow.Condition)
  );
}

/** Whether a principal stands for everybody: the star alone, or as an account. */
export function isEverybody(principal: unknown): boolean {
  const one = [principal].flat();
  if (one.length !== 1) return false;
  if (one[0] === '*') return true;
  return isJson(one[0]) && Object.keys(one[0]).length === 1 && same([one[0].AWS].flat(), ['*']);
}

function coversPrincipals(wide: Json, narrow: Json): boolean {
  if (wide.NotPrincipal !== undefined || narrow.NotPrincipal !== undefined) {
    return same([wide.Principal, wide.NotPrincipal], [narrow.Principal, narrow.NotPrincipal]);
  }
  if (same(wide.Principal, narrow.Principal)) return true;
  // Of services and federated identities the star among accounts is not known to speak.
  const isOfAccounts = isJson(narrow.Principal) && Object.keys(narrow.Principal).every((kind) => kind === 'AWS');
  return narrow.Principal !== undefined && isEverybody(wide.Principal) && (wide.Principal === '*' || isOfAccounts || isEverybody(narrow.Principal));
}

function covers(wide: Json, narrow: Json, element: 'Action' | 'Resource', fold: (text: string) => string): boolean {
  const not = `Not${element}`;
  if (wide[not] !== undefined || narrow[not] !== undefined) return same([wide[element], wide[not]], [narrow[element], narrow[not]]);
  const [all, some] = [wide, narrow].map((one) => itemsOf(one[element]).map((item) => (typeof item === 'string' ? fold(item) : item)));
  return some.length > 0 && some.every((item) => all.some((pattern) => matchesAll(pattern, item)));
}

/** Whether a pattern matches whatever another one matches: the star, or a prefix with one star behind it. */
function matchesAll(pattern: unknown, item: unknown): boolean {
  if (pattern === '*' || same(pattern, item)) return true;
  if (typeof pattern !== 'string' || typeof item !== 'string' || !pattern.endsWith('*')) return false;
  const prefix = pattern.slice(0, -1);
  return !/[*?]/.test(prefix) && item.startsWith(prefix);
}

/** Whether the tests of a wide Deny hold wherever those of the narrow one do. */
function isImplied(wide: unknown, narrow: unknown): boolean {
  const [asked, given] = [testsOf(wide), testsOf(narrow)];
  return asked !== undefined && given !== undefined && asked.every((test) => given.some((other) => follows(test, other)));
}

interface Test {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

/** The tests of a condition block; undefined when one of them cannot be read. IAM takes `false` and `"false"` for the same. */
function testsOf(condition: unknown): Test[] | undefined {
  if (condition === undefined) return [];
  if (!isJson(condition)) return undefined;
  const tests: Test[] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isJson(keys) || !/^(ForA(ny|ll)Values?:)?[A-Z][A-Za-z]+$/.test(operator)) return undefined;
    for (const [key, value] of Object.entries(keys)) {
      tests.push({ operator, key, values: itemsOf(value).map((one) => (typeof one === 'boolean' || typeof one === 'number' ? String(one) : one)) });
    }
  }
  return tests;
}

/** Whether a test holds wherever the given one does. */
function follows(test: Test, given: Test): boolean {
  if (test.key !== given.key || test.values.length === 0 || given.values.length === 0) return false;
  // An absent key passes "if exists"; else both ask the same.
  if (test.operator !== given.operator && test.operator !== `${given.operator}IfExists`) return false;
  const within = (some: readonly unknown[], all: readonly unknown[]): boolean => some.every((one) => all.some((other) => same(one, other)));
  const equal = within(test.values, given.values) && within(given.values, test.values);
  if (equal || given.operator.includes(':')) return equal;
  if (/^(String|Arn|Numeric|Date)Not/.test(given.operator)) return within(test.values, given.values);
  return /^(String|Arn|Numeric|Date)(Equals|Like)|^(Bool|IpAddress)/.test(given.operator) && within(given.values, test.values);
}

function itemsOf(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat();
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality of JSON; the order of keys is no difference, that of a list is. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
