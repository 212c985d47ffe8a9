import type { KeyObject} from 'node:crypto';
import { createPublicKey, sign } from 'node:crypto';

/** What a test certificate says. Nothing is checked, so that wrong certificates can be made too. */
export interface CertificateRequest {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly issuerKey: KeyObject;
  readonly from?: Date;
  readonly to?: Date;
  readonly ca?: boolean;
  readonly pathLength?: number;

  /** First byte of the key usage bits. */
  readonly keyUsage?: number;
  readonly extendedUsages?: readonly string[];

  /** A further critical extension by its identifier. */
  readonly critical?: string;
  readonly hash?: 'sha1' | 'sha256';
}

export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04 };

/** An X.509 v3 certificate in DER. */
export function newCertificate(request: CertificateRequest): Buffer {
  const hash = request.hash ?? 'sha256';
  const algorithm = sequence(oid(hash === 'sha1' ? '1.2.840.10045.4.1' : '1.2.840.10045.4.3.2'));
  const spki = createPublicKey(request.key).export({ type: 'spki', format: 'der' });
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, 2, 3])),
    algorithm,
    name(request.issuer),
    sequence(time(request.from ?? new Date('2026-01-01T00:00:00Z')), time(request.to ?? new Date('2036-01-01T00:00:00Z'))),
    name(request.subject),
    spki,
    der(0xa3, sequence(...extensions(request))),
  );
  const signature = sign(hash, tbs, { key: request.issuerKey, dsaEncoding: 'der' });
  return sequence(tbs, algorithm, der(0x03, Buffer.from([0]), signature));
}

export function toPem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extensions(request: CertificateRequest): Buffer[] {
  const result: Buffer[] = [];
  if (request.ca !== undefined) {
    const length = request.pathLength === undefined ? [] : [der(0x02, Buffer.from([request.pathLength]))];
    result.push(extension('2.5.29.19', true, sequence(...(request.ca ? [der(0x01, Buffer.from([0xff]))] : []), ...length)));
  }
  if (request.keyUsage !== undefined) result.push(extension('2.5.29.15', true, der(0x03, Buffer.from([0, request.keyUsage]))));
  if (request.extendedUsages) result.push(extension('2.5.29.37', false, sequence(...request.extendedUsages.map(oid))));
  if (request.critical) result.push(extension(request.critical, true, sequence()));
  return result;
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}

function name(common: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(common)))));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replace(/\.\d+|[-:T]/g, '')}`));
}

function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
