import { X509Certificate } from 'node:crypto';
import type { DerElement} from './der-reader';
import { readDer, readDerInside, toObjectIdentifier } from './der-reader';
import { quoted, shownTime, SigningError } from './signing-error';

const SEQUENCE = 0x30;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const ANY_USAGE = '2.5.29.37.0';

/**
 * What certificates may be signed with: ECDSA and RSA with SHA-2, and Ed25519.
 * SHA-1 and MD5 are left out, and RSA-PSS, whose identifier does not tell its hash.
 */
const SIGNATURE_ALGORITHMS: ReadonlySet<string> = new Set([
  '1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4',
  '1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13',
  '1.3.101.112',
]);

/** Extensions whose meaning is either applied here or does not restrict what a signature is good for. */
const UNDERSTOOD = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extendedKeyUsage: '2.5.29.37' } as const;

/** An X.509 certificate with the extensions that Node does not show. */
export class Certificate {
  /** @throws SigningError CERTIFICATE_INVALID */
  public static fromDer(der: Buffer): Certificate {
    let x509: X509Certificate;
    try {
      x509 = new X509Certificate(der);
    } catch (cause) {
      throw new SigningError('CERTIFICATE_INVALID', 'certificate cannot be read', { cause });
    }
    // Node also reads PEM, and DER with something after it.
    if (!x509.raw.equals(der)) throw new SigningError('CERTIFICATE_INVALID', 'certificate is not DER alone');
    return new Certificate(x509);
  }

  /** All certificates of a PEM text, in order. */
  public static allFromPem(pem: string): Certificate[] {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) throw new SigningError('CERTIFICATE_INVALID', 'no certificate found; give PEM ("BEGIN CERTIFICATE")');
    return blocks.map((block) => Certificate.fromDer(Buffer.from(block.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')));
  }

  /** Longest allowed number of intermediates below, `undefined` for any. */
  public readonly pathLength?: number;
  private readonly extendedUsages?: readonly string[];
  private readonly keyUsage?: Buffer;

  private constructor(public readonly x509: X509Certificate) {
    const [tbs, signatureAlgorithm] = readDerInside(x509.raw, SEQUENCE);
    const algorithm = toObjectIdentifier(inside(signatureAlgorithm)[0]);
    if (!SIGNATURE_ALGORITHMS.has(algorithm)) {
      throw new SigningError('CERTIFICATE_INVALID', `certificate ${this.label} is signed with the algorithm ${algorithm}; use SHA-2`);
    }
    for (const extension of extensionsOf(tbs)) {
      switch (extension.id) {
        case UNDERSTOOD.basicConstraints: this.pathLength = readPathLength(extension.value); break;
        case UNDERSTOOD.keyUsage: this.keyUsage = readBits(extension.value); break;
        case UNDERSTOOD.extendedKeyUsage: this.extendedUsages = readDerInside(extension.value, SEQUENCE).map(toObjectIdentifier); break;
        default:
          // Name constraints and the like narrow what a certificate is good for: not applied, so not accepted.
          if (extension.critical) {
            throw new SigningError('CERTIFICATE_INVALID', `certificate ${this.label} has the unknown critical extension ${extension.id}`);
          }
      }
    }
  }

  /** How messages name it. */
  public get label(): string {
    return quoted(this.x509.subject ?? '');
  }

  public get isAuthority(): boolean {
    return this.x509.ca && this.hasKeyUsage(KEY_CERT_SIGN);
  }

  /** What the public client asks for: the key may make signatures, by key usage or by extended usage. */
  public get maySign(): boolean {
    return this.keyUsage ? this.hasKeyUsage(DIGITAL_SIGNATURE) : this.extendedUsages !== undefined && this.mayUseForCode;
  }

  /** Whether an extended usage names code signing. A leaf without extended usages does not. */
  public get namesCodeSigning(): boolean {
    return this.extendedUsages?.includes(CODE_SIGNING) ?? false;
  }

  /** Whether extended usages, when there are any, leave room for code signing. */
  public get mayUseForCode(): boolean {
    return this.extendedUsages === undefined || this.namesCodeSigning || this.extendedUsages.includes(ANY_USAGE);
  }

  public equals(other: Certificate): boolean {
    return this.x509.raw.equals(other.x509.raw);
  }

  /** Whether `issuer` signed this certificate: names, key identifiers and the signature itself. */
  public isIssuedBy(issuer: Certificate): boolean {
    try {
      return this.x509.checkIssued(issuer.x509) && this.x509.verify(issuer.x509.publicKey);
    } catch {
      return false;
    }
  }

  /** @throws SigningError CERTIFICATE_OUTSIDE_VALIDITY */
  public assertValidAt(time: Date): void {
    const from = Date.parse(this.x509.validFrom);
    const to = Date.parse(this.x509.validTo);
    // A date that cannot be read compares false both ways, so the test is for being inside.
    if (!(time.getTime() >= from && time.getTime() <= to)) {
      throw new SigningError(
        'CERTIFICATE_OUTSIDE_VALIDITY',
        `certificate ${this.label} is valid from ${this.x509.validFrom} to ${this.x509.validTo}, not at ${shownTime(time)}`,
      );
    }
  }

  private hasKeyUsage(bit: number): boolean {
    return this.keyUsage === undefined || (this.keyUsage.length > 0 && (this.keyUsage[0] & bit) !== 0);
  }
}

const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;

interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

function extensionsOf(tbs: DerElement): Extension[] {
  const extensions = new Map<string, Extension>();
  for (const field of inside(tbs)) {
    if (field.tag !== 0xa3) continue;
    for (const element of readDerInside(field.content, SEQUENCE)) {
      const [id, ...rest] = inside(element);
      const critical = rest[0]?.tag === 0x01 && rest[0].content[0] !== 0;
      const value = rest.at(-1);
      const name = toObjectIdentifier(id);
      if (value?.tag !== 0x04 || extensions.has(name)) throw new SigningError('CERTIFICATE_INVALID', `extension ${name} is not valid`);
      extensions.set(name, { id: name, critical, value: value.content });
    }
  }
  return [...extensions.values()];
}

function inside(element: DerElement | undefined): DerElement[] {
  if (element?.tag !== SEQUENCE) throw new SigningError('CERTIFICATE_INVALID', 'certificate is not valid DER');
  return readDer(element.content);
}

function readPathLength(value: Buffer): number | undefined {
  const length = readDerInside(value, SEQUENCE).find((element) => element.tag === 0x02)?.content;
  if (length === undefined) return undefined;
  // A value of several bytes or below zero is nonsense; zero is the strict reading.
  return length.length === 1 && length[0] < 0x80 ? length[0] : 0;
}

function readBits(value: Buffer): Buffer {
  const [bits, ...rest] = readDer(value);
  if (bits?.tag !== 0x03 || bits.content.length === 0 || rest.length > 0) {
    throw new SigningError('CERTIFICATE_INVALID', 'key usage is not valid');
  }
  return bits.content.subarray(1);
}
