import { ByteCursor } from './byte-cursor';
import type { RangedSource } from './ranged-source';
import type { ScanContext } from './scan-context';
import { ScanError } from './scan-error';

/** How one field of a message is read: as another message (by its name), a text, a number, or not at all. */
export type FieldShape = 'TEXT' | 'NUMBER' | { readonly message: string };

/** The messages of a format, with the fields that matter; other fields are skipped as every protobuf reader skips them. */
export type MessageShapes = Readonly<Record<string, Readonly<Record<number, FieldShape>>>>;

/** One message that was read: the texts and numbers of its own fields. */
export interface ProtobufMessage {
  readonly shape: string;
  readonly offset: number;
  /** All texts of a field; of a field that should come once, readers keep the last, so every one is judged. */
  texts(field: number): readonly string[];
  /** The last number of a field. */
  number(field: number): number | undefined;
  /** How often a message field occurred. */
  readonly messages: number;
}

const MAX_DEPTH = 64;
const MAX_TEXT = 1024 * 1024;
const MAX_REPEATS = 1000;

/** Walks a protobuf message without building it; long payloads are skipped. Throws `ScanError` where the wire format is broken. */
export async function walkProtobuf(
  source: RangedSource, shapes: MessageShapes, root: string, context: ScanContext, visit: (message: ProtobufMessage) => void,
): Promise<void> {
  const cursor = new ByteCursor(source);
  await walk(cursor, shapes, root, source.size, 0, context, visit);
}

async function walk(
  cursor: ByteCursor, shapes: MessageShapes, shape: string, end: number, depth: number, context: ScanContext,
  visit: (message: ProtobufMessage) => void,
): Promise<void> {
  const start = cursor.offset;
  if (depth > MAX_DEPTH) {
    throw new ScanError('LIMIT_EXCEEDED', start, 'protobuf nested too deeply');
  }
  context.ledger.spend('nodes', 1);
  const fields = shapes[shape];
  const texts = new Map<number, string[]>();
  const numbers = new Map<number, number>();
  let messages = 0;
  while (cursor.offset < end) {
    const at = cursor.offset;
    const tag = await cursor.varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    const known: FieldShape | undefined = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (field === 0 || tag > 0xffffffff) {
      throw new ScanError('MALFORMED', at, `protobuf tag ${tag}`);
    }
    if (wire === 0) {
      const value = await cursor.varint();
      if (known === 'NUMBER') {
        numbers.set(field, value);
      }
    } else if (wire === 1 || wire === 5) {
      cursor.skip(wire === 1 ? 8 : 4);
    } else if (wire === 2) {
      const length = await cursor.varint();
      if (cursor.offset + length > end) {
        throw new ScanError('TRUNCATED', at, `protobuf field ${field} of ${length} bytes`);
      }
      if (known === 'TEXT') {
        if (length > MAX_TEXT) {
          throw new ScanError('LIMIT_EXCEEDED', at, `protobuf text of ${length} bytes`);
        }
        context.ledger.spend('nodes', 1);
        const text = Buffer.from(await cursor.bytes(length)).toString('utf8');
        const earlier = texts.get(field);
        if (earlier === undefined) {
          texts.set(field, [text]);
        } else if (earlier.push(text) > MAX_REPEATS) {
          throw new ScanError('LIMIT_EXCEEDED', at, `protobuf field ${field} more than ${MAX_REPEATS} times`);
        }
      } else if (known !== undefined && known !== 'NUMBER') {
        messages += 1;
        await walk(cursor, shapes, known.message, cursor.offset + length, depth + 1, context, visit);
      } else {
        cursor.skip(length);
      }
    } else {
      throw new ScanError('MALFORMED', at, `protobuf wire type ${wire}`);
    }
    if (known !== undefined && (known === 'NUMBER') !== (wire === 0)) {
      throw new ScanError('MALFORMED', at, `protobuf field ${field} of ${shape} with wire type ${wire}`);
    }
    if (cursor.offset > end) {
      throw new ScanError('MALFORMED', at, `protobuf field ${field} of ${shape} leaves its message`);
    }
  }
  visit({ shape, offset: start, messages, texts: (field) => texts.get(field) ?? [], number: (field) => numbers.get(field) });
}
