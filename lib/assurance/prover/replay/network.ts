import type { Tri } from './match';

/** Whether an address lies in a network; unknown when the network cannot be read. */
export function inNetwork(address: string, network: string): Tri {
  const [base, length] = network.trim().split('/');
  const [bits, mask] = [bitsOf(address), bitsOf(base)];
  if (mask === undefined) return undefined;
  const prefix = length === undefined ? mask.length : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > mask.length) return undefined;
  return bits !== undefined && bits.length === mask.length && bits.slice(0, prefix) === mask.slice(0, prefix);
}

/** The bits of an address as a text of zeros and ones: 32 of them or 128. */
function bitsOf(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    const bytes = address.split('.').map(Number);
    return bytes.every((b) => b <= 255) ? bytes.map((b) => b.toString(2).padStart(8, '0')).join('') : undefined;
  }
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return undefined;
  const [head, tail, more] = address.split('::').map((half) => half.split(':').filter((g) => g !== ''));
  if (more !== undefined) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<string>(Math.max(missing, 0)).fill('0'), ...(tail ?? [])];
  return groups.every((g) => g.length <= 4) ? groups.map((g) => parseInt(g, 16).toString(2).padStart(16, '0')).join('') : undefined;
}
