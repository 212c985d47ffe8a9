/** Subnets of a segment, at most: a segment grows to four zones without moving a subnet. */
const PARTS_BITS = 2;

/**
 * A quarter of an IPv4 range for each zone, in order.
 *
 * @throws when the text is not the aligned range of a VPC between /16 and /24
 */
export function quartersOf(cidr: string): string[] {
  const [, ...numbers] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr) ?? [];
  const [a = NaN, b = NaN, c = NaN, d = NaN, bits = NaN] = numbers.map(Number);
  const start = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - bits);
  if (![a, b, c, d].every((octet) => octet <= 255) || !(bits >= 16 && bits <= 24) || start % size !== 0) {
    throw new Error(`cidr must be an aligned IPv4 range between /16 and /24 such as '10.64.0.0/20', got '${cidr}'`);
  }
  const parts = 2 ** PARTS_BITS;
  return Array.from({ length: parts }, (_, index) => `${dotted(start + (index * size) / parts)}/${bits + PARTS_BITS}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
