import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { describeJson, parseStrictJson, type Json } from '../strict-json';
import { scanChatTemplate } from './chat-template';
import { isKerasConfig, scanKerasConfig } from './keras-config';

/** Judges a JSON file of a model repository: remote code, loader classes, chat templates, Keras configurations. */
export async function scanJsonDocument(source: RangedSource, context: ScanContext): Promise<void> {
  if (source.size > context.limits.heldBytes) {
    throw new ScanError('LIMIT_EXCEEDED', 0, `JSON of ${source.size} bytes`);
  }
  const document = parseStrictJson(await readExact(source, 0, source.size), 0, context.limits.nodes);
  if (isKerasConfig(document)) {
    scanKerasConfig(document, 0, context);
  }
  judgeRepository(document, context);
}

function judgeRepository(document: Json, context: ScanContext): void {
  const pending: { value: Json; depth: number }[] = [{ value: document, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    context.ledger.spend('nodes', 1);
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) {
        if (typeof item === 'object' && item !== null) {
          pending.push({ value: item, depth: depth + 1 });
        }
      }
    } else if (value instanceof Map) {
      for (const [key, member] of value as ReadonlyMap<string, Json>) {
        judgeMember(key, member, context);
        if (typeof member === 'object' && member !== null) {
          pending.push({ value: member, depth: depth + 1 });
        }
      }
    }
  }
}

function judgeMember(key: string, member: Json, context: ScanContext): void {
  switch (key) {
    case 'auto_map':
    case 'custom_pipelines':
      if (!(member === null || (member instanceof Map && member.size === 0))) {
        context.report('REPOSITORY_REMOTE_CODE', 0, `${key} names code of the repository`);
      }
      break;
    case 'trust_remote_code':
      if (member !== false && member !== null) {
        context.report('REPOSITORY_REMOTE_CODE', 0, 'trust_remote_code');
      }
      break;
    case 'type':
      // sentence-transformers imports this name.
      if (context.name.endsWith('modules.json') && !/^sentence_transformers\.models(?:\.\w+)+$/.test(describeJson(member))) {
        context.report('REPOSITORY_LOADER', 0, `module type ${describeJson(member)}`);
      }
      break;
    case 'chat_template':
      judgeTemplates(member, context);
      break;
    default:
  }
}

function judgeTemplates(member: Json, context: ScanContext): void {
  if (typeof member === 'string') {
    scanChatTemplate(member, 0, context);
  } else if (Array.isArray(member) || member instanceof Map) {
    const items = Array.isArray(member) ? (member as readonly Json[]) : [...(member as ReadonlyMap<string, Json>).values()];
    for (const item of items) {
      const template = item instanceof Map ? (item as ReadonlyMap<string, Json>).get('template') : item;
      if (typeof template === 'string') {
        scanChatTemplate(template, 0, context);
      }
    }
  }
}
