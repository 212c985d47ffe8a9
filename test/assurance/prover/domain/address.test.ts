import { expect, test } from 'vitest';
import { addressOf, addressText, rangeOf } from '../../../../lib/assurance/prover/domain/address';
import { inNetwork } from '../../../../lib/assurance/prover/replay/network';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '255.255.255.255',
  '::',
  '::1',
  '2001:db8::1',
  '1:2:3:4:5:6:7:8',
  'fe80::',
  '1::8',
  '0:0:1::',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
])('%s survives being read and written', (text) => {
  const address = addressOf(text);
  expect(address).toBeDefined();
  expect(addressOf(addressText(address!))).toEqual(address);
});
test.each(['', '1.2.3', '256.1.1.1', '1.2.3.4.5', ':::', '1::2::3', 'g::', '12345::', 'a', '1:2:3:4:5:6:7'])('%j is no address', (text) =>
  expect(addressOf(text)).toBeUndefined(),
);
test.each(['10.0.0.0/33', '10.0.0.0/x', 'x/8', '10.0.0.0/8/8', '::/129'])('%j is no range', (text) =>
  expect(rangeOf(text)).toBeUndefined(),
);
test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.0.0.0', '10.0.0.0/8', false],
  ['9.255.255.255', '10.0.0.0/8', false],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['1.2.3.4', '1.2.3.4', true],
  ['2001:db8:1::', '2001:db8::/32', true],
  ['2001:db9::', '2001:db8::/32', false],
  ['::1', '0.0.0.0/0', false],
  ['10.1.2.3', '::/0', false],
])('%s in %s: %s, by both readings', (address, network, expected) => {
  const [range, bits] = [rangeOf(network)!, addressOf(address)!];
  expect(range.family === bits.family && bits.bits >= range.from && bits.bits <= range.to).toBe(expected);
  expect(inNetwork(address, network)).toBe(expected);
});
