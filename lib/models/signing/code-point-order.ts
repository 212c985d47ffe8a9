/**
 * Compares names by Unicode code point, which is the byte order of UTF-8.
 * The order of JavaScript strings is by UTF-16 unit and puts an emoji before U+FB01.
 */
export function compareByCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A sorted copy of `items`, by the code points of the name. Each name is encoded once. */
export function sortedByCodePoint<T>(items: Iterable<T>, name: (item: T) => string): T[] {
  return [...items]
    .map((item) => ({ item, key: Buffer.from(name(item)) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}
