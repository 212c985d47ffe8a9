import type { AddressRange } from '../../prover/domain/address';
import { lastAddress, rangeOf } from '../../prover/domain/address';
import type { TemplateModel, Value } from '../../template';
import { Unknown } from '../../template';
import type { Box, Interval } from '../box';
import { ALL_PORTS, ALL_PROTOCOLS, everything } from '../box';
import type { KnownRange } from '../parts';
import { textOf } from './handle';

/** All addresses of a family. */
export function wholeFamily(family: 4 | 6): AddressRange {
  return { family, from: 0n, to: lastAddress(family) };
}

/** The addresses of a network of the templates are those of its own property, also where something refers to them. */
export function blockOf(value: Value, model: TemplateModel): Value {
  const origin = value instanceof Unknown ? value.origin : undefined;
  return (origin?.attribute === 'CidrBlock' ? model.resource(origin.resource)?.at('CidrBlock') : undefined) ?? value;
}

/** A CIDR block; what cannot be read may be any address of its family. */
export function knownRange(value: Value, family: 4 | 6, where: string): KnownRange {
  const text = textOf(value);
  const range = text === undefined ? undefined : rangeOf(text);
  if (range?.family === family) return { range };
  const why = value instanceof Unknown ? value.reason : `'${text ?? 'it'}' is no IPv${family} range`;
  return { range: wholeFamily(family), unsure: `the addresses of ${where} are not known: ${why}` };
}

const PRIVATE = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3'];

/** Addresses of the internet: for IPv4 all that are not set apart, for IPv6 the global ones. */
export function publicRanges(): readonly AddressRange[] {
  const holes = PRIVATE.map((text) => rangeOf(text) as AddressRange).sort((a, b) => (a.from < b.from ? -1 : 1));
  const ranges: AddressRange[] = [];
  let from = 0n;
  for (const hole of holes) {
    if (hole.from > from) ranges.push({ family: 4, from, to: hole.from - 1n });
    from = hole.to + 1n;
  }
  return [...ranges, rangeOf('2000::/3') as AddressRange];
}

/** Protocols and ports of a rule. */
export interface Ports {
  readonly protocol: Interval;
  readonly port: Interval;
  readonly unsure?: string;
}

const PROTOCOLS: Readonly<Record<string, bigint>> = { icmp: 1n, tcp: 6n, udp: 17n, icmpv6: 58n };

/** Reads a protocol (name, number, or -1 for all) and its ports; without ports all are meant. */
export function portsOf(protocol: Value | undefined, from: Value | undefined, to: Value | undefined, where: string): Ports {
  const name = textOf(protocol);
  if (name === undefined && protocol !== undefined) {
    return { protocol: ALL_PROTOCOLS, port: ALL_PORTS, unsure: `the protocol of ${where} is not known` };
  }
  if (name === undefined || name === '-1') return { protocol: ALL_PROTOCOLS, port: ALL_PORTS };
  const number = Object.hasOwn(PROTOCOLS, name.toLowerCase()) ? PROTOCOLS[name.toLowerCase()] : /^\d{1,3}$/.test(name) ? BigInt(name) : undefined;
  if (number === undefined || number > 255n) {
    return { protocol: ALL_PROTOCOLS, port: ALL_PORTS, unsure: `the protocol '${name}' of ${where} is none that is known` };
  }
  const only = { from: number, to: number };
  // Types and codes of ICMP stand where other protocols have their ports.
  if (number !== 6n && number !== 17n) return { protocol: only, port: ALL_PORTS };
  const [first, last] = [portOf(from), portOf(to ?? from)];
  if (first === 'UNKNOWN' || last === 'UNKNOWN') return { protocol: only, port: ALL_PORTS, unsure: `the ports of ${where} are not known` };
  if (first === undefined || last === undefined) return { protocol: only, port: ALL_PORTS };
  return { protocol: only, port: { from: first, to: last } };
}

function portOf(value: Value | undefined): bigint | 'UNKNOWN' | undefined {
  if (value === undefined || textOf(value) === '-1') return undefined;
  const text = textOf(value);
  return text !== undefined && /^\d{1,5}$/.test(text) ? BigInt(text) : 'UNKNOWN';
}

/** The packets with a peer in a range; the peer is the destination of what goes out and the source of what comes in. */
export function peerBox(range: AddressRange, ports: Ports, outbound: boolean): Box {
  const box = { ...everything(range.family), protocol: ports.protocol, port: ports.port };
  return outbound ? { ...box, destination: range } : { ...box, source: range };
}
