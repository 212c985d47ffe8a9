/** An address as a number of its family. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** A range of addresses of one family. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

const WIDTH = { 4: 32, 6: 128 } as const;

/** Reads an IPv4 or IPv6 address. */
export function addressOf(text: string): Address | undefined {
  if (text.includes(':')) return sixOf(text);
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((p) => !/^\d{1,3}$/.test(p) || Number(p) > 255)) return undefined;
  return { family: 4, bits: parts.reduce((bits, p) => (bits << 8n) | BigInt(p), 0n) };
}

/** Reads a range in CIDR form, or a single address. */
export function rangeOf(text: string): AddressRange | undefined {
  const [base, length, ...rest] = text.trim().split('/');
  const address = addressOf(base);
  if (address === undefined || rest.length > 0) return undefined;
  const width = WIDTH[address.family];
  const prefix = length === undefined ? width : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > width) return undefined;
  const size = 1n << BigInt(width - prefix);
  const from = (address.bits / size) * size;
  return { family: address.family, from, to: from + size - 1n };
}

/** Writes an address. */
export function addressText({ family, bits }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return groups
    .join(':')
    .replace(/\b(?:0:){2,}0\b|(?:\b0:){2,}|(?::0){2,}$/, '::')
    .replace(/:{3,}/, '::');
}

/** The last address of a family. */
export function lastAddress(family: 4 | 6): bigint {
  return (1n << BigInt(WIDTH[family])) - 1n;
}

function sixOf(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const count = groups.reduce((sum, g) => sum + g.length, 0);
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
  const all = halves.length === 1 ? groups[0] : [...groups[0], ...new Array<string>(8 - count).fill('0'), ...groups[1]];
  if (all.some((g) => !/^[0-9a-f]{1,4}$/i.test(g))) return undefined;
  return { family: 6, bits: all.reduce((bits, g) => (bits << 16n) | BigInt(`0x${g}`), 0n) };
}
