import { walkProtobuf, type MessageShapes, type ProtobufMessage } from '../protobuf-walk';
import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { parseStrictJson } from '../strict-json';
import { scanKerasConfig } from './keras-config';
import { PLAIN_OPERATORS } from './tensorflow-operators';

const GRAPH: MessageShapes = {
  graph: { 1: { message: 'node' }, 2: { message: 'library' } },
  library: { 1: { message: 'function' } },
  function: { 3: { message: 'node' } },
  node: { 1: 'TEXT', 2: 'TEXT' },
};
const SAVED_MODEL: MessageShapes = {
  ...GRAPH,
  model: { 1: 'NUMBER', 2: { message: 'meta' } },
  meta: { 2: { message: 'graph' } },
};
const KERAS_METADATA: MessageShapes = { metadata: { 1: { message: 'object' } }, object: { 3: 'TEXT', 4: 'TEXT', 5: 'TEXT' } };
const FINGERPRINT: MessageShapes = { fingerprint: { 1: 'NUMBER', 2: 'NUMBER', 3: 'NUMBER', 4: 'NUMBER', 5: 'NUMBER' } };
const FINGERPRINT_SIZE = 4096;

const CODE = /^(?:PyFunc\w*|EagerPyFunc|NumpyFunc|Rpc(?:Call|Client|Server)\w*|Debug(?:Identity|NumericSummary)\w*|TPU\w*Compile\w*)$/;
const FILES = new RegExp(`^(?:${[
  'ReadFile', 'WriteFile', 'ImmutableConst', 'MatchingFiles', 'MergeV2Checkpoints', 'Save', 'SaveSlices', 'Restore', 'RestoreSlice',
  'TextLineDataset', 'TFRecordDataset\\w*', 'FixedLengthRecordDataset\\w*', 'CSVDataset\\w*', 'SqlDataset', 'ExperimentalCSVDataset',
  'InitializeTableFromTextFile\\w*', 'ShardedFilespec', 'Print\\w*', '\\w*ReaderV?2?', 'ReaderRead\\w*',
  'DistributedSave', 'SnapshotDataset\\w*',
  'SaveDataset\\w*', 'LoadDataset\\w*', 'CacheDataset\\w*', 'LMDBDataset', 'BigQueryReader', 'Assert\\w*File', 'WriteSummary\\w*',
  'WriteScalarSummary', 'WriteRawProtoSummary', 'CreateSummaryFileWriter', 'CreateSummaryDbWriter', 'ImportEvent', 'LoadAndRemapMatrix',
  'GenerateVocabRemapping', 'CheckpointExists', 'FileSystem\\w*', 'DataServiceDataset\\w*', 'RegisterDataset\\w*',
].join('|')})$`);
/** What the saver part of every SavedModel consists of; the file prefix is fed by the loader. */
const SAVER = /^(?:SaveV2|RestoreV2|ShardedFilename|MergeV2Checkpoints)$/;

/** Judges a TensorFlow graph: a SavedModel where the file has its name, otherwise a frozen graph. */
export async function scanTensorflowGraph(source: RangedSource, context: ScanContext): Promise<void> {
  const file = context.name.slice(context.name.lastIndexOf('/') + 1);
  if (file === 'keras_metadata.pb') {
    await walkProtobuf(source, KERAS_METADATA, 'metadata', context, (message) => judgeMetadata(message, context));
    return;
  }
  if (file === 'fingerprint.pb' && source.size <= FINGERPRINT_SIZE) {
    await walkProtobuf(source, FINGERPRINT, 'fingerprint', context, () => undefined);
    return;
  }
  let nodes = 0;
  const saved = file === 'saved_model.pb';
  await walkProtobuf(source, saved ? SAVED_MODEL : GRAPH, saved ? 'model' : 'graph', context, (message) => {
    if (message.shape === 'node') {
      nodes += 1;
      judgeNode(message, context);
    }
  });
  if (nodes === 0) {
    throw new ScanError('MALFORMED', 0, 'no TensorFlow graph: not one node');
  }
}

function judgeNode(message: ProtobufMessage, context: ScanContext): void {
  const operators = message.texts(2);
  if (operators.length === 0) {
    throw new ScanError('MALFORMED', message.offset, 'graph node without an operator');
  }
  for (const operator of operators) {
    if (CODE.test(operator)) {
      context.report('GRAPH_CODE_OPERATOR', message.offset, operator);
    } else if (SAVER.test(operator)) {
      judgeSaver(message, operator, context);
    } else if (FILES.test(operator)) {
      context.report('GRAPH_FILE_OPERATOR', message.offset, operator);
    } else if (!PLAIN_OPERATORS.has(operator)) {
      context.report('GRAPH_CUSTOM_OPERATOR', message.offset, operator);
    }
  }
}

function judgeSaver(message: ProtobufMessage, operator: string, context: ScanContext): void {
  const name = message.texts(1).at(-1) ?? '';
  if (!/^(?:(?:save|checkpoint)(?:_\d+)?\/)?(?:SaveV2|RestoreV2|ShardedFilename|MergeV2Checkpoints)(?:_\d+)*$/.test(name)) {
    context.report('GRAPH_FILE_OPERATOR', message.offset, `${operator} as ${name}`);
  }
}

function judgeMetadata(message: ProtobufMessage, context: ScanContext): void {
  for (const text of message.shape === 'object' ? message.texts(4) : []) {
    if (text !== '') {
      scanKerasConfig(parseStrictJson(Buffer.from(text), message.offset, context.limits.nodes), message.offset, context);
    }
  }
}
