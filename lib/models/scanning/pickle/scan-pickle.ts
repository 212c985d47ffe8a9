import { SlicedSource, type RangedSource } from '../ranged-source';
import type { ReasonCode } from '../reason';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { ByteWindow } from './byte-window';
import { GlobalList } from './global-list';
import { joblibArray } from './joblib-array';
import { JOBLIB_WRAPPER, type PickleListener } from './pickle-effects';
import { PickleMachine } from './pickle-machine';
import type { BytesValue, ObjectValue, PickleValue } from './pickle-value';

/** How a loader around the pickle understands it. */
export interface PickleSetting {
  /** Offset of the first pickle. @default 0 */
  readonly offset?: number;
  /** Judges a persistent id; true where the loader knows it. @default - no persistent ids are known */
  persistent?(id: PickleValue): boolean;
}

const MAX_PICKLES = 10_000;
const PROBED_BYTES = 1024 * 1024;
const IDENTIFIER = /^[A-Za-z_][\w.]{0,127} [A-Za-z_][\w.]{0,127}$/;

/** Scans one pickle after another until the source ends: a loader may be called more than once on the same stream. */
export async function scanPickles(source: RangedSource, context: ScanContext, setting: PickleSetting = {}): Promise<void> {
  const pickles = new PickleStream(source, context, setting);
  for (let count = 0; await pickles.more(); count += 1) {
    if (count >= MAX_PICKLES) {
      throw new ScanError('LIMIT_EXCEEDED', pickles.offset, `more than ${MAX_PICKLES} pickles`);
    }
    await pickles.next();
  }
}

/** Reads pickles from a source one by one, with everything nested in them. */
export class PickleStream {
  private readonly window: ByteWindow;
  private readonly globals: GlobalList;

  constructor(
    private readonly source: RangedSource,
    private readonly context: ScanContext,
    private readonly setting: PickleSetting = {},
  ) {
    this.window = new ByteWindow(source, setting.offset ?? 0, true);
    this.globals = new GlobalList(context.policy);
  }

  /** Offset behind the last pickle. */
  get offset(): number {
    return this.window.offset;
  }

  /** Whether anything follows. */
  async more(): Promise<boolean> {
    return this.window.fill(1);
  }

  /** Scans one pickle. Throws `ScanError` where it does not end well. */
  async next(depth = 0): Promise<void> {
    const payloads: BytesValue[] = [];
    const machine = this.machine({
      report: (code, offset, found) => this.context.report(code, offset, found),
      nested: (payload) => {
        payloads.push(payload);
      },
      persistent: (id) => this.setting.persistent?.(id) ?? false,
    });
    try {
      await this.run(machine, depth);
    } finally {
      for (const payload of payloads) {
        await this.context.descend(`pickle@${payload.offset}`, new SlicedSource(this.source, payload.offset, payload.length));
      }
    }
  }

  private machine(listener: PickleListener): PickleMachine {
    return new PickleMachine(this.context.limits, this.globals, listener);
  }

  private async run(machine: PickleMachine, depth: number): Promise<void> {
    const { window } = this;
    let counted = 0;
    for (;;) {
      const step = machine.run(window);
      this.context.ledger.spend('opcodes', machine.opcodes - counted);
      counted = machine.opcodes;
      if (step === 'STOP') {
        return;
      }
      if (step === 'MORE') {
        if (!(await window.fill(machine.need))) {
          throw new ScanError('TRUNCATED', window.offset, 'the pickle ends without STOP');
        }
      } else {
        await this.array(machine, machine.takeWrapper(), depth);
      }
    }
  }

  private async array(machine: PickleMachine, wrapper: ObjectValue, depth: number): Promise<void> {
    const { window } = this;
    const at = window.offset;
    const array = joblibArray(wrapper);
    if (array === undefined) {
      throw new ScanError('JOBLIB_ARRAY', at, `shape or type of a ${JOBLIB_WRAPPER} not understood`);
    }
    if (machine.frameEnd > at) {
      // Python would take the array from behind the frame, not from here.
      throw new ScanError('JOBLIB_ARRAY', at, `array bytes inside a frame that ends at ${machine.frameEnd}`);
    }
    if (array.kind === 'PICKLE') {
      if (depth >= this.context.limits.depth) {
        throw new ScanError('ARCHIVE_DEPTH', at, `object arrays nested deeper than ${this.context.limits.depth}`);
      }
      await this.next(depth + 1);
      return;
    }
    await this.probe(at);
    if (array.aligned) {
      if (!(await window.fill(1))) {
        throw new ScanError('TRUNCATED', window.offset, 'array padding missing');
      }
      window.at += 1 + window.bytes[window.at];
    }
    window.at += array.length;
    if (window.offset > this.source.size) {
      throw new ScanError('TRUNCATED', at, `array of ${array.length} bytes, the file ends before`);
    }
  }

  /** Looks at array bytes the way a plain unpickler would, which knows nothing of joblib and runs them as opcodes. */
  private async probe(offset: number): Promise<void> {
    const found = await probePickle(this.source, this.context, offset);
    for (const { code, at, text } of found) {
      this.context.report('PICKLE_HIDDEN_OPCODES', at, `${text} (${code}) among array bytes`);
    }
  }
}

/** An import that would happen if the bytes at an offset were unpickled. */
export interface ProbedImport {
  readonly code: ReasonCode;
  readonly at: number;
  readonly text: string;
}

/**
 * Runs bytes that need not be a pickle as one, quietly and for a bounded stretch, and tells which imports of well-formed names
 * that the policy does not list would happen.
 */
export async function probePickle(source: RangedSource, context: ScanContext, offset: number): Promise<ProbedImport[]> {
  const length = Math.min(PROBED_BYTES, source.size - offset);
  if (length <= 0) {
    return [];
  }
  const window = new ByteWindow(new SlicedSource(source, offset, length), 0, true);
  const found: ProbedImport[] = [];
  const machine = new PickleMachine({ ...context.limits, opcodes: PROBED_BYTES, stack: PROBED_BYTES }, new GlobalList(context.policy), {
    report: (code, at, text) => {
      if (IDENTIFIER.test(text) && (code === 'PICKLE_DENIED_GLOBAL' || code === 'PICKLE_UNLISTED_GLOBAL')) {
        found.push({ code, at: offset + at, text });
      }
    },
    nested: () => undefined,
    persistent: () => {
      throw new ScanError('PICKLE_PERSISTENT_ID', 0, 'a plain unpickler stops here');
    },
  });
  try {
    for (let step = machine.run(window); step !== 'STOP'; step = machine.run(window)) {
      if (step === 'ARRAY') {
        machine.takeWrapper();
      } else if (!(await window.fill(machine.need))) {
        return found;
      }
    }
  } catch (error) {
    if (!(error instanceof ScanError)) {
      throw error;
    }
  }
  return found;
}
