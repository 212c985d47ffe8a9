import { safetensorsHeader } from './formats/safetensors';
import { TORCH_MAGIC } from './formats/torch-legacy';

/** Formats that are told by their first bytes. */
export type ContentFormat =
  | 'ZIP' | 'NPY' | 'HDF5' | 'GGUF' | 'SAFETENSORS' | 'TORCH_LEGACY' | 'PICKLE' | 'GZIP' | 'ZLIB' | 'TAR'
  | 'UNSUPPORTED' | 'NATIVE' | 'SCRIPT' | 'IMAGE';

/** Bytes that `sniff` wants to see. */
export const SNIFFED = 4096 + 8;

const SIGNATURES: readonly (readonly [ContentFormat, number, string])[] = [
  ['ZIP', 0, '504b0304'], ['ZIP', 0, '504b0506'], ['NPY', 0, '934e554d5059'], ['GGUF', 0, '47475546'], ['GZIP', 0, '1f8b'],
  ['HDF5', 0, '894844460d0a1a0a'], ['HDF5', 512, '894844460d0a1a0a'], 
  ['HDF5', 1024, '894844460d0a1a0a'], ['HDF5', 2048, '894844460d0a1a0a'],
  ['HDF5', 4096, '894844460d0a1a0a'],
  // bzip2, xz, zstd, 7z, rar, lz4, lzma, old Unix compress, joblib's own prefix
  ['UNSUPPORTED', 0, '425a68'], ['UNSUPPORTED', 0, 'fd377a585a00'], ['UNSUPPORTED', 0, '28b52ffd'], ['UNSUPPORTED', 0, '377abcaf271c'],
  ['UNSUPPORTED', 0, '526172211a07'], ['UNSUPPORTED', 0, '04224d18'],
  ['UNSUPPORTED', 0, '5d0000'], ['UNSUPPORTED', 0, '1f9d'], ['UNSUPPORTED', 0, '5a46'],
  // ELF, Mach-O (both orders, fat), WebAssembly, Java class files share the fat magic
  ['NATIVE', 0, '7f454c46'], ['NATIVE', 0, 'feedface'], ['NATIVE', 0, 'feedfacf'], ['NATIVE', 0, 'cefaedfe'], ['NATIVE', 0, 'cffaedfe'],
  ['NATIVE', 0, 'cafebabe'], ['NATIVE', 0, '0061736d'], ['SCRIPT', 0, '2321'],
  ['IMAGE', 0, '89504e470d0a1a0a'],
  ['IMAGE', 0, 'ffd8ff'],
];

/** All formats that the first bytes of a file fit. */
export function sniff(head: Uint8Array, size: number): Set<ContentFormat> {
  const found = new Set<ContentFormat>();
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  for (const [format, offset, hex] of SIGNATURES) {
    if (bytes.subarray(offset, offset + hex.length / 2).equals(Buffer.from(hex, 'hex'))) {
      found.add(format);
    }
  }
  if (bytes.subarray(0, TORCH_MAGIC.length).equals(TORCH_MAGIC)) {
    found.add('TORCH_LEGACY');
  } else if (bytes[0] === 0x80 && bytes[1] <= 5) {
    found.add('PICKLE');
  }
  if (safetensorsHeader(head, size) !== undefined) {
    found.add('SAFETENSORS');
  }
  if (bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1])) {
    found.add('ZLIB');
  }
  if (isTarHeader(bytes)) {
    found.add('TAR');
  }
  if (isWindowsProgram(bytes)) {
    found.add('NATIVE');
  }
  return found;
}

/** Whether 512 bytes are a tar header: the checksum decides, as old archives have no magic. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512) {
    return false;
  }
  const declared = /^[ 0]*([0-7]{1,7})[ \0]/.exec(Buffer.from(block.subarray(148, 156)).toString('latin1'))?.[1];
  let sum = 0;
  for (let index = 0; index < 512; index += 1) {
    sum += index >= 148 && index < 156 ? 0x20 : block[index];
  }
  return declared !== undefined && parseInt(declared, 8) === sum && sum > 256;
}

function isWindowsProgram(bytes: Buffer): boolean {
  if (bytes.length < 64 || bytes.toString('latin1', 0, 2) !== 'MZ') {
    return false;
  }
  const at = bytes.readUInt32LE(60);
  return at + 4 <= bytes.length ? bytes.toString('latin1', at, at + 4) === 'PE\0\0' : at < 1024 * 1024;
}
