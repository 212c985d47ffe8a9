/** Whole numbers above a floor, or a refusal. */
export function requireLimits<T extends object>(where: string, limits: T, floor = 1): T {
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isInteger(value) || (value as number) < floor) throw new Error(`${where}: ${name} must be a whole number of at least ${floor}, got ${String(value)}`);
  }
  return limits;
}
