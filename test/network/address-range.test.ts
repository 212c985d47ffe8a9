import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quartersOf } from '../../lib/network/address-range';

/** First and last address of a range. */
function boundsOf(cidr: string): [number, number] {
  const [address = '', bits = ''] = cidr.split('/');
  const first = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}

describe('the quarters of a range', () => {
  test('are four, in order', () => {
    expect(quartersOf('10.64.0.0/20')).toEqual(['10.64.0.0/22', '10.64.4.0/22', '10.64.8.0/22', '10.64.12.0/22']);
    expect(quartersOf('255.255.255.0/24')).toEqual(['255.255.255.0/26', '255.255.255.64/26', '255.255.255.128/26', '255.255.255.192/26']);
  });

  test('fill every range without gap or overlap', () => {
    fc.assert(fc.property(fc.integer({ min: 16, max: 24 }), fc.nat(2 ** 32 - 1), (bits, address) => {
      const start = address - (address % 2 ** (32 - bits));
      const cidr = `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${bits}`;
      const [first, last] = boundsOf(cidr);
      const parts = quartersOf(cidr).map(boundsOf);
      expect(parts[0][0]).toBe(first);
      expect(parts[3][1]).toBe(last);
      for (const [index, part] of parts.slice(1).entries()) expect(part[0]).toBe(parts[index][1] + 1);
    }));
  });

  test('of any other text are an error that quotes it', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      fc.pre(!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(text));
      expect(() => quartersOf(text)).toThrow(`such as '10.64.0.0/20', got '${text}'`);
    }));
  });
});
