/** Orders by code unit: a locale must not change the bytes of what is written. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
