import * as fs from 'node:fs';
import { TemplateError } from '../template';

/** Reads a file within a bound. @throws {@link TemplateError} `BAD_FILE`, `TOO_LARGE` */
export function readText(file: string, maxBytes = 64 * 1024 * 1024): string {
  try {
    const { size } = fs.statSync(file);
    if (size > maxBytes) throw new TemplateError('TOO_LARGE', `${file} has ${size} bytes: at most ${maxBytes} are read`);
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    if (cause instanceof TemplateError) throw cause;
    throw new TemplateError('BAD_FILE', `cannot read ${file}: give a cloud assembly (cdk.out) or a template`, { cause });
  }
}

/** Reads JSON. @throws {@link TemplateError} `BAD_FILE` */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TemplateError('BAD_FILE', `${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
}
