/**
 * Says what is wrong with the path of an archive entry, or of a file that a model refers to; undefined where nothing is.
 *
 * Only a relative path with forward slashes that stays inside is right.
 */
export function wrongPath(path: string): string | undefined {
  if (path === '') {
    return 'empty path';
  }
  if (/[\x00-\x1f\x7f]/.test(path)) {
    return 'control character';
  }
  if (path.includes('\\')) {
    return 'backslash';
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return 'absolute path';
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(path)) {
    return 'URL';
  }
  if (path.includes('\ufffd')) {
    return 'not UTF-8';
  }
  return path.split('/').includes('..') ? 'leaves the folder' : undefined;
}
