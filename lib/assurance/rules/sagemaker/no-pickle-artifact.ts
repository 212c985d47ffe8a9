import type { Value } from '../../template';
import { textParts } from '../../template';
import type { Answer } from '../answer';
import { answer, ask, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { MODEL_DATA_TYPES, modelDataSites } from './model-data';

/** `AISec-SM06`. */
export const noPickleArtifact: Rule = {
  id: 'AISec-SM06',
  name: 'NoPickleArtifact',
  title: 'Model files are in a format that cannot carry code',
  severity: 'MEDIUM',
  controls: ['SC4', 'ML1'],
  threats: ['AML.T0011.000'],
  why: 'Loading a pickle runs whatever its author put in; PyTorch, joblib and Keras files can hold one.',
  remedy: 'Convert the weights to safetensors, or ship an archive that was scanned before it was registered.',
  example:
    "modelDataSource: { s3DataSource: { s3Uri: bucket.s3UrlForObject('fraud/7/'), s3DataType: 'S3Prefix', " + "compressionType: 'None' } }",
  source: 'https://docs.python.org/3/library/pickle.html',
  types: MODEL_DATA_TYPES,
  check: ({ resource }) =>
    modelDataSites(resource).map(({ path, value }) =>
      judged(not(ask(value, isExecutable)), 'the file format runs code when it is loaded', path),
    ),
};

const EXECUTABLE = /\.(?:pkl|pickle|pt|pth|bin|joblib|h5|hdf5|keras|dill|npy)$/i;

function isExecutable(value: Value | undefined): Answer {
  const last = textParts(value)?.at(-1);
  return typeof last === 'string' ? answer(EXECUTABLE.test(last)) : 'UNKNOWN';
}
