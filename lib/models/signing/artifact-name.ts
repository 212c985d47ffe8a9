/** Longest path that common file systems take; S3 keys are shorter. Unit: bytes of UTF-8. */
const MAX_BYTES = 4096;

/**
 * What is wrong with a file's name inside a model, or `undefined` when it is canonical: relative, `/` between the parts,
 * no empty, `.` or `..` part, valid Unicode. A backslash is legal on S3 and Linux and a separator elsewhere, so it is refused.
 */
export function artifactNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.startsWith('/')) return 'is absolute';
  if (name.includes('\\')) return 'has a backslash';
  if (name.includes('\0')) return 'has a NUL character';
  if (/\p{Surrogate}/u.test(name)) return 'is not valid Unicode';
  if (Buffer.byteLength(name) > MAX_BYTES) return `is longer than ${MAX_BYTES} bytes`;
  for (const part of name.split('/')) {
    if (part === '') return 'has an empty part';
    if (part === '.' || part === '..') return `has the part "${part}"`;
  }
  return undefined;
}
