/** The name that was most likely meant, or `undefined` when none is close. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  // Nobody mistypes that much, and the distance costs the product of both lengths.
  if (text.length > 64) return undefined;
  const [best] = names
    .map((name) => ({ name, distance: name.startsWith(text) && text.length > 1 ? 1 : distance(text, name) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** Insertions, deletions and replacements from one text to the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = current;
  }
  return previous[b.length];
}
