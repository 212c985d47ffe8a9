import { wrongPath } from '../archive-path';
import { walkProtobuf, type MessageShapes, type ProtobufMessage } from '../protobuf-walk';
import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';

const SHAPES: MessageShapes = {
  model: {
    1: 'NUMBER', 7: { message: 'graph' }, 8: { message: 'opset' }, 20: { message: 'training' }, 25: { message: 'function' },
  },
  graph: { 1: { message: 'node' }, 5: { message: 'tensor' }, 15: { message: 'sparse' } },
  node: { 4: 'TEXT', 5: { message: 'attribute' }, 7: 'TEXT' },
  attribute: {
    5: { message: 'tensor' }, 6: { message: 'graph' }, 10: { message: 'tensor' }, 11: { message: 'graph' }, 22: { message: 'sparse' },
    23: { message: 'sparse' },
  },
  tensor: { 8: 'TEXT', 13: { message: 'external' }, 14: 'NUMBER' },
  sparse: { 1: { message: 'tensor' }, 2: { message: 'tensor' } },
  external: { 1: 'TEXT', 2: 'TEXT' },
  opset: { 1: 'TEXT', 2: 'NUMBER' },
  training: { 1: { message: 'graph' }, 2: { message: 'graph' } },
  function: { 1: 'TEXT', 7: { message: 'node' }, 9: { message: 'opset' }, 10: 'TEXT', 11: { message: 'attribute' } },
};

const OFFICIAL_DOMAINS = ['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.preview', 'ai.onnx.preview.training', 'ai.onnx.training', 'com.microsoft'];
const CODE_OPERATORS = /^(?:PythonOp|PythonOpGrad|PyOp|PyCustomOp\w*|PyFunc\w*|ATen|ATenOp|ExternalFunctionCall)$/;
const MAX_IR_VERSION = 100;
const MAX_NAME = 512;

/** Judges an ONNX model: every operator, also in subgraphs, functions and training graphs, and every path to external data. */
export async function scanOnnx(source: RangedSource, context: ScanContext): Promise<void> {
  const judge = new OnnxJudge(context);
  await walkProtobuf(source, SHAPES, 'model', context, (message) => judge.visit(message));
  judge.finish();
}

class OnnxJudge {
  private readonly custom = new Map<string, number>();
  private readonly functions = new Set<string>();
  private readonly external = new Map<string, string>();
  private graphs = 0;

  constructor(private readonly context: ScanContext) {}

  visit(message: ProtobufMessage): void {
    switch (message.shape) {
      case 'node': this.node(message); break;
      case 'function': this.functions.add(`${message.texts(10).at(-1) ?? ''}::${message.texts(1).at(-1) ?? ''}`); break;
      case 'external': this.entry(message); break;
      case 'tensor': this.tensor(message); break;
      case 'graph': this.graphs += 1; break;
      case 'model': {
        const version = message.number(1);
        if (version === undefined || version < 1 || version > MAX_IR_VERSION || this.graphs === 0) {
          throw new ScanError('MALFORMED', 0, 'no ONNX model: version or graph missing');
        }
        break;
      }
      default:
    }
  }

  /** An operator that the model defines as a function needs no foreign code; the nodes of functions were judged like all others. */
  finish(): void {
    for (const [operator, offset] of this.custom) {
      if (!this.functions.has(operator)) {
        this.context.report('GRAPH_CUSTOM_OPERATOR', offset, operator);
      }
    }
  }

  private node(message: ProtobufMessage): void {
    const domains = message.texts(7).length === 0 ? [''] : message.texts(7);
    for (const operator of message.texts(4)) {
      for (const domain of domains) {
        if (CODE_OPERATORS.test(operator) || /^(?:org\.pytorch|com\.microsoft\.python)/.test(domain)) {
          this.context.report('GRAPH_CODE_OPERATOR', message.offset, `${domain}::${operator}`);
        }
        if (operator.length + domain.length > MAX_NAME) {
          throw new ScanError('LIMIT_EXCEEDED', message.offset, `operator name ${operator}`);
        }
        if (!OFFICIAL_DOMAINS.includes(domain) && !this.context.policy.operatorDomains.includes(domain)) {
          this.custom.set(`${domain}::${operator}`, message.offset);
        }
      }
    }
  }

  private entry(message: ProtobufMessage): void {
    const [keys, values] = [message.texts(1), message.texts(2)];
    if (keys.length !== 1 || values.length > 1 || (keys[0] === 'location' && this.external.has('location'))) {
      throw new ScanError('MALFORMED', message.offset, 'external data entry');
    }
    this.external.set(keys[0], values[0] ?? '');
  }

  private tensor(message: ProtobufMessage): void {
    const entries = new Map(this.external);
    this.external.clear();
    const location = entries.get('location');
    if (location === undefined) {
      if (message.number(14) === 1) {
        throw new ScanError('GRAPH_EXTERNAL_DATA', message.offset, 'external data without a location');
      }
      return;
    }
    const wrong = wrongPath(location);
    if (wrong !== undefined) {
      this.context.report('GRAPH_EXTERNAL_PATH', message.offset, `${location}: ${wrong}`);
      return;
    }
    const [offset, length] = ['offset', 'length'].map((key) => natural(entries.get(key) ?? '0'));
    if (offset === undefined || length === undefined) {
      throw new ScanError('GRAPH_EXTERNAL_DATA', message.offset, `offset or length of ${location}`);
    }
    const { references } = this.context.ledger;
    references.set(location, Math.max(references.get(location) ?? 0, offset + length));
  }
}

function natural(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
