import type { AddressRange } from '../prover/domain/address';
import { addressText, lastAddress } from '../prover/domain/address';

/** Whole numbers from one to another, both included. */
export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

/** A set of packets: every combination of source, destination, protocol number and destination port. */
export interface Box {
  readonly family: 4 | 6;
  readonly source: Interval;
  readonly destination: Interval;
  readonly protocol: Interval;
  readonly port: Interval;
}

const DIMENSIONS = ['source', 'destination', 'protocol', 'port'] as const;

/** Protocol number of TCP. */
export const TCP = 6n;

/** Every protocol. */
export const ALL_PROTOCOLS: Interval = { from: 0n, to: 255n };

/** Every port. */
export const ALL_PORTS: Interval = { from: 0n, to: 65_535n };

/** Every packet of a family. */
export function everything(family: 4 | 6): Box {
  const addresses = { from: 0n, to: lastAddress(family) };
  return { family, source: addresses, destination: addresses, protocol: ALL_PROTOCOLS, port: ALL_PORTS };
}

/** Every packet between two ranges of one family. */
export function between(source: AddressRange, destination: AddressRange): Box | undefined {
  return source.family === destination.family ? { ...everything(source.family), source, destination } : undefined;
}

/** The packets in both boxes. */
export function intersect(a: Box, b: Box): Box | undefined {
  if (a.family !== b.family) return undefined;
  const common = { ...a };
  for (const d of DIMENSIONS) {
    const from = a[d].from > b[d].from ? a[d].from : b[d].from;
    const to = a[d].to < b[d].to ? a[d].to : b[d].to;
    if (from > to) return undefined;
    common[d] = { from, to };
  }
  return common;
}

/** The packets of a box that are not in another. */
export function subtract(a: Box, hole: Box): Box[] {
  const common = intersect(a, hole);
  if (common === undefined) return [a];
  const rest: Box[] = [];
  let core = a;
  for (const d of DIMENSIONS) {
    if (core[d].from < common[d].from) rest.push({ ...core, [d]: { from: core[d].from, to: common[d].from - 1n } });
    if (core[d].to > common[d].to) rest.push({ ...core, [d]: { from: common[d].to + 1n, to: core[d].to } });
    core = { ...core, [d]: common[d] };
  }
  return rest;
}

/** The answers to the packets of a box, to any port: the caller chose it. */
export function answersTo(box: Box): Box {
  return { ...box, source: box.destination, destination: box.source, port: ALL_PORTS };
}

/** One packet of a box, for people. */
export function exampleOf(box: Box): string {
  const names = new Map([
    [1n, 'ICMP'],
    [TCP, 'TCP'],
    [17n, 'UDP'],
    [58n, 'ICMPv6'],
  ]);
  const has = (interval: Interval, value: bigint): boolean => interval.from <= value && value <= interval.to;
  const protocol = has(box.protocol, TCP) ? TCP : has(box.protocol, 17n) ? 17n : box.protocol.from;
  const port = has(box.port, 443n) ? 443n : box.port.from;
  const address = (bits: bigint): string => addressText({ family: box.family, bits });
  const name = names.get(protocol) ?? `protocol ${protocol}`;
  const where = protocol === TCP || protocol === 17n ? ` port ${port}` : '';
  return `${name} from ${address(box.source.from)} to ${address(box.destination.from)}${where}`;
}
