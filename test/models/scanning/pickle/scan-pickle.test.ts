import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scanFile } from '../../../../lib/models/scanning/scan-file';
import { EVIL_PICKLE, PickleAssembler, PLAIN_PICKLE } from '../fixtures/pickle-assembler';
import { scan, verdictOf } from '../fixtures/scan';
import { SparseSource } from '../fixtures/sparse-source';

const p = (): PickleAssembler => new PickleAssembler();
const found = async (bytes: Uint8Array): Promise<string[]> => (await scan('x.pkl', bytes)).reasons.map((reason) => `${reason.code} ${reason.found}`);

describe('the facts of public fixtures, assembled here', () => {
  const vectors: [string, Buffer, number, string, string][] = [
    ['protocol 0', p().global('__builtin__', 'eval').raw("p0\n(Vprint('456')\np1\ntp2\nRp3\n").stop(), 48,
      'cb0829232649140114fdbe5700a1e5d2768c7f94b5917220905d9c7045a271f7', 'PICKLE_DENIED_GLOBAL __builtin__ eval'],
    ['protocol 3', p().proto(3).global('builtins', 'eval').raw("q\x00X\x0c\x00\x00\x00print('456')q\x01\x85q\x02Rq\x03").stop(), 45,
      'e37284d4fc97a08e54b04037a0905e8c3cb70cedfc689f5d9465854ce50545b9', 'PICKLE_DENIED_GLOBAL builtins eval'],
    ['protocol 4', p().proto(4).frame(40).text('builtins').raw('\x94').text('eval').raw('\x94\x93\x94').text("print('456')").raw('\x94\x85\x94R\x94').stop(), 51,
      '5d8763993fc5d724bedd06a1c56ce329ec29f0c05c3e0b6b69999045add63e8a', 'PICKLE_DENIED_GLOBAL builtins eval'],
    ['quoted texts as module and name', p().raw("S'os'\nS'system'\n\x93S'ls'\n").call1().stop(), 26,
      'ce28648f498aec1d2e60048b512c3c8c5101c3c63d16c7487867564b60a0f8de', 'PICKLE_DENIED_GLOBAL os system'],
  ];

  test.each(vectors)('%s is dangerous and byte for byte the known file', async (_, bytes, length, sha256, reason) => {
    expect(bytes.length).toBe(length);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(await found(bytes)).toContain(reason);
    expect((await scan('x.pkl', bytes)).verdict).toBe('DANGEROUS');
  });

  test('the benign file with a list of texts is safe', async () => {
    const bytes = p().proto(4).frame(17).raw(']\x94(').text('a').raw('\x94').text('b').raw('\x94').text('c').raw('\x94e').stop();
    expect(createHash('sha256').update(bytes).digest('hex')).toBe('b5103a701e335cabbb11a20d5a5b9ad15457a39f083bf79c4fc66fd347d2e4ee');
    expect(await verdictOf('x.pkl', bytes)).toBe('SAFE');
  });

  test('a module name out of an unset memo key counts as computed', async () => {
    const bytes = p().proto(4).raw('h\x07').text('system').raw('\x93').stackGlobal('os', 'system').text('id').call1().stop();
    expect(await found(bytes)).toEqual([
      'PICKLE_MEMO_UNSET memo key 7 was never set', 'PICKLE_COMPUTED_GLOBAL <unknown> system', 'PICKLE_DENIED_GLOBAL os system',
    ]);
  });

  test('a number where a name belongs counts as computed', async () => {
    expect(await found(p().proto(4).text('os').raw('K\x05\x93').stop())).toEqual(['PICKLE_COMPUTED_GLOBAL os 5']);
  });

  test('a private class method behind a module with dots is dangerous', async () => {
    expect(await found(p().proto(4).stackGlobal('asyncio.unix_events', '_UnixSubprocessTransport._start').stop()))
      .toEqual(['PICKLE_DENIED_GLOBAL asyncio.unix_events _UnixSubprocessTransport._start']);
  });

  test('a torch file whose magic number is computed is read as pickles, and each one counts', async () => {
    const bytes = Buffer.concat([p().proto(2).global('builtins', 'eval').text('0x1950a86a20f9469cfc6c').call1().stop(), EVIL_PICKLE]);
    expect(await found(bytes)).toEqual(['PICKLE_DENIED_GLOBAL builtins eval', 'PICKLE_DENIED_GLOBAL os system']);
  });
});

describe('every way to import', () => {
  test.each<[string, Buffer]>([
    ['GLOBAL', p().global('os', 'system').stop()],
    ['INST', p().raw('(').text('id').raw('ios\nsystem\n').stop()],
    ['OBJ', p().raw('(').global('os', 'system').text('id').raw('o').stop()],
    ['NEWOBJ', p().proto(2).global('os', 'system').raw(')\x81').stop()],
    ['NEWOBJ_EX', p().proto(4).stackGlobal('os', 'system').raw(')}\x92').stop()],
    ['STACK_GLOBAL through the memo', p().proto(4).text('os').raw('\x940').text('system').raw('\x940h\x00h\x01\x93').stop()],
    ['STACK_GLOBAL after POP', p().proto(4).text('os').text('system').text('x').raw('0\x93').stop()],
    ['STACK_GLOBAL after DUP and POP_MARK', p().proto(4).text('os').text('system').raw('(K\x011\x93').stop()],
    ['UNICODE escapes', p().raw('V\\u006fs\nVsyste\\u006d\n\x93').stop()],
    ['STRING escapes', p().raw("S'\\x6fs'\nS\"syste\\155\"\n\x93").stop()],
    ['LONG_BINGET', p().proto(4).text('os').raw('r\xff\xff\x00\x000j\xff\xff\x00\x00').text('system').raw('\x93').stop()],
    ['PUT and GET', p().raw("S'os'\np9\n0g9\nS'system'\n\x93").stop()],
  ])('%s of a denied name is dangerous', async (_, bytes) => {
    expect(await found(bytes)).toContain('PICKLE_DENIED_GLOBAL os system');
  });

  test.each([1, 2, 4])('an extension code of %i bytes is dangerous', async (width) => {
    const opcode = { 1: 0x82, 2: 0x83, 4: 0x84 }[width]!;
    expect(await verdictOf('x.pkl', p().proto(2).raw(opcode).raw(Buffer.alloc(width, 1)).stop())).toBe('DANGEROUS PICKLE_EXTENSION');
  });

  test('a call of what another call gave is dangerous', async () => {
    expect(await verdictOf('x.pkl', p().proto(2).global('collections', 'OrderedDict').raw(')R)R').stop())).toBe('DANGEROUS PICKLE_COMPUTED_CALL');
  });

  test('a change of an imported class is dangerous', async () => {
    expect(await verdictOf('x.pkl', p().proto(2).global('collections', 'OrderedDict').raw('}b').stop())).toBe('DANGEROUS PICKLE_CHANGES_GLOBAL');
    expect(await verdictOf('x.pkl', p().proto(2).global('collections', 'OrderedDict').raw('K\x01a').stop())).toBe('DANGEROUS PICKLE_CHANGES_GLOBAL');
  });

  test('a persistent id outside a torch file is suspicious', async () => {
    expect(await verdictOf('x.pkl', p().raw('Pid\n').stop())).toBe('SUSPICIOUS PICKLE_PERSISTENT_ID');
    expect(await verdictOf('x.pkl', p().text('id').raw('Q').stop())).toBe('SUSPICIOUS PICKLE_PERSISTENT_ID');
  });

  test('a name outside every list is suspicious, also one that only begins like a listed one', async () => {
    for (const [module, name] of [['acme.model', 'Net'], ['collections', 'OrderedDict.fromkeys'], ['torch.nn.modules.linear', 'Linear'], ['__main__', 'X']]) {
      expect(await verdictOf('x.pkl', p().proto(4).stackGlobal(module, name).stop())).toBe('SUSPICIOUS PICKLE_UNLISTED_GLOBAL');
    }
  });

  test('prototype names of this language are names like any other', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      expect(await verdictOf('x.pkl', p().proto(4).stackGlobal(name, name).stop())).toBe('SUSPICIOUS PICKLE_UNLISTED_GLOBAL');
    }
    expect(await verdictOf('x.pkl', p().proto(4).stackGlobal('__proto__', '__proto__').stop())).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
    expect(await verdictOf('x.pkl', p().proto(4).raw('}(').text('__proto__').text('x').raw('u').stop())).toBe('SAFE');
  });

  test('a blank in a module name makes no listed pair', async () => {
    expect(await verdictOf('x.pkl', p().proto(4).stackGlobal('collections OrderedDict', '').stop())).toContain('SUSPICIOUS');
    expect(await verdictOf('x.pkl', p().proto(4).stackGlobal('', 'collections OrderedDict').stop())).toContain('SUSPICIOUS');
  });

  test('Python 2 names are mapped in protocols 0 to 2 only', async () => {
    expect(await verdictOf('x.pkl', p().global('__builtin__', 'set').stop())).toBe('SAFE');
    expect(await verdictOf('x.pkl', p().proto(4).global('__builtin__', 'set').stop())).toBe('SUSPICIOUS PICKLE_UNLISTED_GLOBAL');
  });

  test('harmless functions are harmless only with the arguments of a pickler', async () => {
    expect(await verdictOf('x.pkl', p().proto(2).global('_codecs', 'encode').text('abc').text('latin1').raw('\x86R').stop())).toBe('SAFE');
    expect(await verdictOf('x.pkl', p().proto(2).global('_codecs', 'encode').text('abc').text('zlib').raw('\x86R').stop()))
      .toBe('DANGEROUS PICKLE_FORBIDDEN_ARGUMENT');
    expect(await verdictOf('x.pkl', p().proto(2).global('builtins', 'bytearray').int(2 ** 30).call1().stop()))
      .toBe('DANGEROUS PICKLE_FORBIDDEN_ARGUMENT');
  });

  test('the policy adds profiles and single names', async () => {
    const bytes = p().proto(4).stackGlobal('sklearn.linear_model._logistic', 'LogisticRegression').stop();
    expect(await verdictOf('x.pkl', bytes)).toContain('SUSPICIOUS');
    expect(await verdictOf('x.pkl', bytes, { policy: { pickleProfiles: ['DATA', 'SKLEARN'] } })).toBe('SAFE');
    expect(await verdictOf('x.pkl', bytes, { policy: { pickleGlobals: ['sklearn.linear_model._logistic LogisticRegression'] } })).toBe('SAFE');
  });
});

describe('what a stream may hide', () => {
  test('a second pickle is found behind a harmless one', async () => {
    expect(await verdictOf('x.pkl', Buffer.concat([PLAIN_PICKLE, EVIL_PICKLE]))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
  });

  test('what runs before a broken opcode or a missing STOP still counts', async () => {
    expect(await verdictOf('x.pkl', Buffer.concat([EVIL_PICKLE.subarray(0, -1), Buffer.of(0xff)]))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL MALFORMED');
    expect(await verdictOf('x.pkl', EVIL_PICKLE.subarray(0, -1))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL TRUNCATED');
  });

  test('a pickle handed to another unpickler is opened, level by level, up to the limit', async () => {
    let bytes: Buffer = EVIL_PICKLE;
    for (let level = 0; level < 3; level += 1) {
      bytes = p().proto(4).stackGlobal('pickle', 'loads').bytes(bytes).call1().stop();
    }
    const report = await scan('x.pkl', bytes);
    expect(report.reasons.map(({ found: text }) => text)).toContain('os system');
    expect(report.reasons.filter(({ code }) => code === 'PICKLE_NESTED')).toHaveLength(3);
    for (let level = 0; level < 5; level += 1) {
      bytes = p().proto(4).stackGlobal('pickle', 'loads').bytes(bytes).call1().stop();
    }
    expect((await scan('x.pkl', bytes)).reasons.map(({ code }) => code)).toContain('ARCHIVE_DEPTH');
  });

  test.each<[string, Buffer]>([
    ['junk behind STOP', Buffer.concat([PLAIN_PICKLE, Buffer.from('junk')])],
    ['zeros behind STOP', Buffer.concat([PLAIN_PICKLE, Buffer.alloc(4)])],
    ['a truncated GLOBAL', p().proto(4).raw('cos').build()],
    ['an unknown opcode', p().proto(4).raw(0xfe).stop()],
    ['an unknown protocol', p().proto(6).raw('N').stop()],
    ['a stack underflow', p().proto(4).raw('0').stop()],
    ['a missing mark', p().proto(4).raw('t').stop()],
    ['STOP on an empty stack', p().proto(4).stop()],
    ['a length beyond the file', p().proto(4).raw('B\xff\xff\xff\x7f').stop()],
    ['a length of 2^63', p().proto(4).raw('\x8e\xff\xff\xff\xff\xff\xff\xff\x7f').stop()],
    ['a text with one quote', p().raw("S'os\n").stop()],
    ['a memo key that is no number', p().raw('gx\n').stop()],
    ['a number that is none', p().raw('Ix\n').stop()],
    ['a line without end', p().raw('S').raw('a'.repeat(200_000)).build()],
  ])('%s is unscannable', async (_, bytes) => {
    expect((await scan('x.pkl', bytes)).verdict).toBe('UNSCANNABLE');
  });

  test('limits on opcodes, stack, memo and text hold', async () => {
    const many = p().proto(4).raw('N'.repeat(5000)).stop();
    expect(await verdictOf('x.pkl', many, { limits: { stack: 1000 } })).toBe('UNSCANNABLE LIMIT_EXCEEDED');
    expect(await verdictOf('x.pkl', p().proto(4).raw('N0'.repeat(200_000)).build(), { limits: { opcodes: 1000 } })).toBe('UNSCANNABLE LIMIT_EXCEEDED');
    expect(await verdictOf('x.pkl', p().proto(4).raw('N\x94'.repeat(50)).stop(), { limits: { memo: 20 } })).toBe('UNSCANNABLE LIMIT_EXCEEDED');
    const long = p().proto(4).text('o'.repeat(5000)).text('system').raw('\x93').stop();
    expect(await verdictOf('x.pkl', long)).toBe('UNSCANNABLE LIMIT_EXCEEDED');
    expect(await verdictOf('x.pkl', p().proto(4).text('a'.repeat(200)).text('b').text('os').text('system').raw('\x93').stop(), { limits: { keptStrings: 100 } }))
      .toBe('UNSCANNABLE LIMIT_EXCEEDED');
  });

  test('a deep chain of tuples costs no recursion', async () => {
    expect(await verdictOf('x.pkl', p().proto(4).raw('N').raw('\x85'.repeat(300_000)).stop())).toBe('SAFE');
  });

  test('long byte strings are skipped and not read', async () => {
    const length = 3 * 1024 ** 3;
    const head = Buffer.from('800442', 'hex');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(length);
    const tail = p().stackGlobal('os', 'system').stop();
    const source = new SparseSource(7 + length + tail.length, [{ at: 0, bytes: Buffer.concat([head, size]) }, { at: 7 + length, bytes: tail }]);
    expect((await scanFile('x.pkl', source)).verdict).toBe('DANGEROUS');
    expect(source.bytesRead).toBeLessThan(300_000);
  });
});

describe('what is read in pieces', () => {
  // The first read takes 64 KiB, so these values are noted in one piece and wanted in the next.
  const filler = (length: number): string => 'N0'.repeat(length / 2);

  test.each<[string, PickleAssembler, string]>([
    ['the stack', p().proto(4).text('os').text('system'), '\x93'],
    ['the memo', p().proto(4).text('os').raw('\x940').text('system').raw('\x940'), 'h\x00h\x01\x93'],
    ['a gap of the memo', p().proto(4).text('os').raw('q\x070').text('system').raw('q\x090'), 'h\x07h\x09\x93'],
    ['under a mark', p().proto(4).text('os').text('system').raw('(NNN'), '1\x93'],
  ])('names that %s keeps from one piece to the next are read right', async (_, names, use) => {
    for (const length of [65_500, 70_000, 400_000]) {
      expect(await found(p().raw(names.build()).raw(filler(length)).raw(use).stop())).toEqual(['PICKLE_DENIED_GLOBAL os system']);
    }
  });

  test('names are read right wherever a piece ends in them', async () => {
    for (let before = 65_490; before < 65_540; before += 2) {
      const bytes = p().proto(4).raw(filler(before)).stackGlobal('os', 'system').text('id').call1().stop();
      expect(await found(bytes)).toEqual(['PICKLE_DENIED_GLOBAL os system']);
    }
  });
});

describe('array bytes of joblib', () => {
  const wrapper = (shape: string, dtype: string, aligned: boolean, extra = ''): PickleAssembler => {
    const pickle = p().proto(4).stackGlobal('joblib.numpy_pickle', 'NumpyArrayWrapper').raw(')\x81}(');
    pickle.text('subclass').stackGlobal('numpy', 'ndarray').text('shape').raw(shape).text('order').text('C').text('dtype');
    pickle.stackGlobal('numpy', 'dtype').text(dtype).raw('\x89\x88\x87R').text('allow_mmap').raw('\x88');
    if (aligned) {
      pickle.text('numpy_array_alignment_bytes').raw('K\x10');
    }
    return pickle.raw(extra).raw('ub');
  };

  test('raw bytes are stepped over, with and without padding', async () => {
    expect(await verdictOf('x.joblib', wrapper('K\x02\x85', 'f8', false).raw(Buffer.alloc(16, 0xff)).stop())).toBe('SAFE');
    expect(await verdictOf('x.joblib', wrapper('K\x02\x85', 'f8', true).raw('\x03\xff\xff\xff').raw(Buffer.alloc(16, 0xff)).stop())).toBe('SAFE');
  });

  test('what comes behind them is seen', async () => {
    const bytes = wrapper('K\x02\x85', 'f8', false).raw(Buffer.alloc(16, 0xff)).raw('0').stackGlobal('os', 'system').stop();
    expect(await verdictOf('x.joblib', bytes)).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
  });

  test('opcodes among them, which a plain unpickler would run, are dangerous', async () => {
    const hidden = Buffer.concat([Buffer.from('cos\nsystem\n.'), Buffer.alloc(16)]).subarray(0, 16);
    expect(await verdictOf('x.joblib', wrapper('K\x02\x85', 'f8', false).raw(hidden).stop())).toBe('DANGEROUS PICKLE_HIDDEN_OPCODES');
  });

  test('an array of objects is a pickle of its own', async () => {
    expect(await verdictOf('x.joblib', wrapper('K\x01\x85', 'O8', false).raw(PLAIN_PICKLE).stop())).toBe('SAFE');
    expect(await verdictOf('x.joblib', wrapper('K\x01\x85', 'O8', false).raw(EVIL_PICKLE).stop())).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
  });

  test('a shape or type that is not understood, or bytes inside a frame, are unscannable', async () => {
    expect(await verdictOf('x.joblib', wrapper('N', 'f8', false).stop())).toBe('UNSCANNABLE JOBLIB_ARRAY');
    expect(await verdictOf('x.joblib', wrapper('K\x02\x85', 'V16', false).stop())).toBe('UNSCANNABLE JOBLIB_ARRAY');
    expect(await verdictOf('x.joblib', wrapper('K\xff\x85', 'f8', false).stop())).toBe('UNSCANNABLE TRUNCATED');
    const inner = wrapper('K\x02\x85', 'f8', false).raw(Buffer.alloc(16, 0xff)).stop();
    expect(await verdictOf('x.joblib', p().proto(4).frame(inner.length).raw(inner).build())).toBe('UNSCANNABLE JOBLIB_ARRAY');
  });
});
