import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { scanChatTemplate } from './chat-template';

const CHUNK = 4 * 1024 * 1024;
const MAX_LINE = 4096;
/** A text is read whole, so it is bounded as a multiple of what one part may hold. */
const HELD_PARTS = 16;

/** Judges a text file: it must be text; templates and loader settings in it are judged as such. */
export async function scanTextDocument(source: RangedSource, context: ScanContext): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const special = /(?:^|\/)(?:MLmodel|[^/]*\.(?:ya?ml|jinja2?))$/.test(context.name);
  let text = '';
  if (source.size > HELD_PARTS * context.limits.heldBytes) {
    throw new ScanError('LIMIT_EXCEEDED', 0, `text of ${source.size} bytes`);
  }
  for (let offset = 0; offset < source.size; offset += CHUNK) {
    const bytes = await readExact(source, offset, Math.min(CHUNK, source.size - offset));
    if (bytes.includes(0)) {
      throw new ScanError('FORMAT_MISMATCH', offset, 'text expected, binary found');
    }
    let chunk: string;
    try {
      chunk = decoder.decode(bytes, { stream: offset + CHUNK < source.size });
    } catch {
      throw new ScanError('FORMAT_MISMATCH', offset, 'text expected, not UTF-8');
    }
    if (special) {
      text += chunk;
      if (text.length > CHUNK) {
        throw new ScanError('LIMIT_EXCEEDED', offset, `settings of more than ${CHUNK} characters`);
      }
    }
  }
  if (/\.jinja2?$/.test(context.name)) {
    scanChatTemplate(text, 0, context);
  } else if (special) {
    judgeSettings(text, context);
  }
}

function judgeSettings(text: string, context: ScanContext): void {
  for (const line of text.split('\n')) {
    if (line.length > MAX_LINE) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `settings with a line of ${line.length} characters`);
    }
    const setting = /^[ \t-]*["']?(loader_module|code_paths?|model_code_path|trust_remote_code)["']?[ \t]*:(.*)$/.exec(line);
    if (setting !== null && !/^(?:null|false|~)?$/.test(setting[2].trim())) {
      context.report('REPOSITORY_LOADER', 0, line.trim());
    }
  }
  const tag = /!!?python\/[\w/:.]+|!!javax?\.[\w.]+/.exec(text);
  if (tag !== null) {
    context.report('REPOSITORY_LOADER', tag.index, `YAML tag ${tag[0]}`);
  }
}
