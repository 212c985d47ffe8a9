import { Opcode } from './opcode';
import { Opaque, type PickleValue } from './pickle-value';

/** For each byte: the bytes that a literal of fixed width takes, its opcode included; 0 for everything else. */
export const LITERAL_WIDTH: Uint8Array = new Uint8Array(256);
for (const [opcode, width] of [
  [Opcode.NONE, 1], [Opcode.NEWTRUE, 1], [Opcode.NEWFALSE, 1], [Opcode.EMPTY_LIST, 1], [Opcode.EMPTY_SET, 1],
  [Opcode.BININT1, 2], [Opcode.BININT2, 3], [Opcode.BININT, 5], [Opcode.BINFLOAT, 9],
] as const) {
  LITERAL_WIDTH[opcode] = width;
}

/** The value of the whole literal whose opcode lies at `at`: one of fixed width, or a text of ASCII characters. */
export function literalAt(bytes: Buffer, at: number): PickleValue {
  switch (bytes[at]) {
    case Opcode.NONE: return Opaque.NONE;
    case Opcode.NEWTRUE: return Opaque.TRUE;
    case Opcode.NEWFALSE: return Opaque.FALSE;
    case Opcode.EMPTY_LIST: case Opcode.EMPTY_SET: case Opcode.BINFLOAT: return Opaque.DATA;
    case Opcode.BININT1: return bytes[at + 1];
    case Opcode.BININT2: return bytes[at + 1] | (bytes[at + 2] << 8);
    case Opcode.BININT: return bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24);
    case Opcode.SHORT_BINUNICODE: return bytes.toString('latin1', at + 2, at + 2 + bytes[at + 1]);
    case Opcode.BINUNICODE: return bytes.toString('latin1', at + 5, at + 5 + bytes.readUInt32LE(at + 1));
    default: throw new Error(`no literal at ${at}: 0x${bytes[at].toString(16)}`);
  }
}
