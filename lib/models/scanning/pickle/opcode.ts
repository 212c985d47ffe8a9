/** Opcodes of pickle protocols 0 to 5. */
export const Opcode = {
  MARK: 0x28, EMPTY_TUPLE: 0x29, STOP: 0x2e, POP: 0x30, POP_MARK: 0x31, DUP: 0x32, BINBYTES: 0x42, SHORT_BINBYTES: 0x43,
  FLOAT: 0x46, BINFLOAT: 0x47, INT: 0x49, BININT: 0x4a, BININT1: 0x4b, LONG: 0x4c, BININT2: 0x4d, NONE: 0x4e, PERSID: 0x50,
  BINPERSID: 0x51, REDUCE: 0x52, STRING: 0x53, BINSTRING: 0x54, SHORT_BINSTRING: 0x55, UNICODE: 0x56, BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d, APPEND: 0x61, BUILD: 0x62, GLOBAL: 0x63, DICT: 0x64, APPENDS: 0x65, GET: 0x67, BINGET: 0x68, INST: 0x69,
  LONG_BINGET: 0x6a, LIST: 0x6c, OBJ: 0x6f, PUT: 0x70, BINPUT: 0x71, LONG_BINPUT: 0x72, SETITEM: 0x73, TUPLE: 0x74,
  SETITEMS: 0x75, EMPTY_DICT: 0x7d, PROTO: 0x80, NEWOBJ: 0x81, EXT1: 0x82, EXT2: 0x83, EXT4: 0x84, TUPLE1: 0x85, TUPLE2: 0x86,
  TUPLE3: 0x87, NEWTRUE: 0x88, NEWFALSE: 0x89, LONG1: 0x8a, LONG4: 0x8b, SHORT_BINUNICODE: 0x8c, BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e, EMPTY_SET: 0x8f, ADDITEMS: 0x90, FROZENSET: 0x91, NEWOBJ_EX: 0x92, STACK_GLOBAL: 0x93, MEMOIZE: 0x94,
  FRAME: 0x95, BYTEARRAY8: 0x96, NEXT_BUFFER: 0x97, READONLY_BUFFER: 0x98,
} as const;

/** The argument is one line, ended by a newline. */
export const ONE_LINE = 0x40;
/** The argument is two lines. */
export const TWO_LINES = 0x41;
/** Not an opcode. */
export const INVALID = 0xff;

const LINES: readonly number[] = [
  Opcode.FLOAT, Opcode.INT, Opcode.LONG, Opcode.PERSID, Opcode.STRING, Opcode.UNICODE, Opcode.GET, Opcode.PUT,
];
const WIDTHS: readonly (readonly [number, number])[] = [
  [Opcode.BINBYTES, 4], [Opcode.SHORT_BINBYTES, 1], [Opcode.BINFLOAT, 8], [Opcode.BININT, 4], [Opcode.BININT1, 1], [Opcode.BININT2, 2],
  [Opcode.BINSTRING, 4], [Opcode.SHORT_BINSTRING, 1], [Opcode.BINUNICODE, 4], [Opcode.BINGET, 1], [Opcode.LONG_BINGET, 4],
  [Opcode.BINPUT, 1], [Opcode.LONG_BINPUT, 4], [Opcode.PROTO, 1], [Opcode.EXT1, 1], [Opcode.EXT2, 2], [Opcode.EXT4, 4],
  [Opcode.LONG1, 1], [Opcode.LONG4, 4], [Opcode.SHORT_BINUNICODE, 1], [Opcode.BINUNICODE8, 8], [Opcode.BINBYTES8, 8],
  [Opcode.FRAME, 8], [Opcode.BYTEARRAY8, 8],
];

/** For each byte: the width of the fixed part of its argument (a length field included), or one of the marks above. */
export const ARGUMENT: Uint8Array = new Uint8Array(256).fill(INVALID);
for (const opcode of Object.values(Opcode)) {
  ARGUMENT[opcode] = 0;
}
for (const opcode of LINES) {
  ARGUMENT[opcode] = ONE_LINE;
}
ARGUMENT[Opcode.GLOBAL] = TWO_LINES;
ARGUMENT[Opcode.INST] = TWO_LINES;
for (const [opcode, width] of WIDTHS) {
  ARGUMENT[opcode] = width;
}

/** 1 for each byte that is an opcode whose argument has a length in front. */
export const SIZED: Uint8Array = new Uint8Array(256);
for (const opcode of [
  Opcode.BINBYTES, Opcode.SHORT_BINBYTES, Opcode.BINBYTES8, Opcode.BYTEARRAY8, Opcode.BINSTRING, Opcode.SHORT_BINSTRING, Opcode.BINUNICODE,
  Opcode.SHORT_BINUNICODE, Opcode.BINUNICODE8, Opcode.LONG1, Opcode.LONG4,
]) {
  SIZED[opcode] = 1;
}
