const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"', '\n': '',
};

/** The value of a `STRING` line: a quoted text with Python's escapes; undefined where the quotes do not match. */
export function unquote(line: string): string | undefined {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line[line.length - 1] !== quote) {
    return undefined;
  }
  return line.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (whole, escape: string) => {
    if (escape.length > 1 && escape[0] === 'x') {
      return String.fromCharCode(parseInt(escape.slice(1), 16));
    }
    if (escape >= '0' && escape < '8') {
      return String.fromCharCode(parseInt(escape, 8) & 0xff);
    }
    return SIMPLE_ESCAPES[escape] ?? whole;
  });
}

/** The value of a `UNICODE` line: Latin-1 with `\u` and `\U` escapes, which count only after an even number of backslashes. */
export function decodeRawUnicode(line: string): string {
  return line.replace(/\\(?:\\|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (whole, short?: string, long?: string) => {
    const hex = short ?? long;
    const code = hex === undefined ? Infinity : parseInt(hex, 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
