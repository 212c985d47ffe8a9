import type { ScanContext } from '../scan-context';
import { describeJson, type Json } from '../strict-json';

/** Classes whose loading runs code or reads what the file names. */
const LOADER_CLASSES: ReadonlyMap<string, 'KERAS_LAMBDA' | 'KERAS_LOADER_CLASS'> = new Map([
  ['Lambda', 'KERAS_LAMBDA'], ['__lambda__', 'KERAS_LAMBDA'], ['TFOpLambda', 'KERAS_LAMBDA'], ['SlicingOpLambda', 'KERAS_LAMBDA'],
  ['TFSMLayer', 'KERAS_LOADER_CLASS'], ['TorchModuleWrapper', 'KERAS_LOADER_CLASS'], ['FlaxLayer', 'KERAS_LOADER_CLASS'],
  ['JaxLayer', 'KERAS_LOADER_CLASS'], ['function', 'KERAS_LOADER_CLASS'],
]);
const MODULE = /^(?:builtins|keras|keras_hub|keras_nlp|keras_cv|tensorflow\.keras|tf_keras)(?:\.[A-Za-z_]\w*)*$/;
/** Parts of Keras that fetch, write or load files, and the builtins that a config may name. */
const LOADER_MODULE = /^(?:keras(?:\.src)?\.(?:utils|saving|models\.cloning|ops\.numpy\.load|export|config)|keras\.src\.legacy)(?:\.|$)/;
const BUILTINS = /^(?:list|tuple|dict|set|int|float|str|bool|slice|NoneType|function)$/;
const FILE_KEYS: ReadonlySet<string> = new Set([
  'vocabulary', 'filepath', 'file_path', 'vocabulary_file', 'proto', 'model_path', 'call_endpoint',
]);

/** Judges a Keras configuration wherever classes may be named in it: layers, wrappers, losses, metrics, compile and build state. */
export function scanKerasConfig(config: Json, offset: number, context: ScanContext): void {
  const pending: Json[] = [config];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    context.ledger.spend('nodes', 1);
    if (value instanceof Map) {
      const members = value as ReadonlyMap<string, Json>;
      judgeMembers(members, offset, context);
      for (const member of members.values()) {
        pending.push(member);
      }
    } else if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) {
        pending.push(item);
      }
    }
  }
}

function judgeMembers(members: ReadonlyMap<string, Json>, offset: number, context: ScanContext): void {
  const [className, module, registered] = ['class_name', 'module', 'registered_name'].map((key) => members.get(key));
  for (const name of [className, registered]) {
    const code = typeof name === 'string' ? LOADER_CLASSES.get(name.slice(name.lastIndexOf('>') + 1)) : undefined;
    if (code !== undefined) {
      context.report(code, offset, `class ${describeJson(name)}`);
    }
  }
  if (typeof module === 'string' && (className !== undefined || registered !== undefined)) {
    const named = `${module} ${describeJson(className)}`;
    if (LOADER_MODULE.test(module) || (module === 'builtins' && !BUILTINS.test(describeJson(className)))) {
      context.report('KERAS_LOADER_CLASS', offset, named);
    } else if (!MODULE.test(module)) {
      context.report('KERAS_UNLISTED_MODULE', offset, named);
    }
  }
  if (typeof registered === 'string' && registered.includes('>') && !/^(?:keras|keras_hub|keras_nlp|keras_cv)>/.test(registered)) {
    context.report('KERAS_UNLISTED_MODULE', offset, `registered ${registered}`);
  }
  for (const [key, value] of members) {
    if (FILE_KEYS.has(key) && typeof value === 'string' && value !== '') {
      context.report('KERAS_FILE_REFERENCE', offset, `${key}: ${value}`);
    }
  }
}

/** Whether a JSON document is the configuration of a Keras model or layer. */
export function isKerasConfig(value: Json): boolean {
  return value instanceof Map && value.has('class_name') && value.has('config');
}
