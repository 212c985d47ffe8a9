import { formatPattern } from '../glob/pattern';
import { isBooleanKey, isListKey } from '../iam-table';
import type { Shape } from './key-domain';

const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-central-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'me-south-1',
  'me-central-1',
  'il-central-1',
  'af-south-1',
  'ap-east-1',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ca-west-1',
  'mx-central-1',
  'ap-southeast-7',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
];

const FORMATS: Readonly<Record<string, string>> = {
  'aws:sourceaccount': '{DIGIT12}',
  'aws:principalaccount': '{DIGIT12}',
  'aws:resourceaccount': '{DIGIT12}',
  'aws:sourcevpce': 'vpce-{REGION}',
  'aws:sourcevpc': 'vpc-{REGION}',
  'aws:principalorgid': 'o-{REGION}',
  'aws:resourceorgid': 'o-{REGION}',
  'aws:sourceorgid': 'o-{REGION}',
};

const SHAPES = new Map<string, Shape>(Object.entries(FORMATS).map(([key, format]) => [key, { required: [formatPattern(format)] }]));

const HINTS: Readonly<Record<string, readonly string[]>> = {
  'aws:sourcevpce': ['vpce-0aaaaaaaaaaaaaaaa'],
  'aws:sourcevpc': ['vpc-0aaaaaaaaaaaaaaaa'],
  'aws:sourceaccount': ['999999999999'],
  'aws:resourceaccount': ['999999999999'],
  'aws:principalorgid': ['o-stranger00'],
  'aws:sourcearn': ['arn:aws:s3:::other'],
  'aws:principalarn': ['arn:aws:iam::999999999999:role/outsider'],
};

/** Keys that every request carries. */
export const ALWAYS_PRESENT: ReadonlySet<string> = new Set([
  'aws:securetransport',
  'aws:currenttime',
  'aws:epochtime',
  'aws:requestedregion',
]);

/** What values a key (lower case) can have. */
export function shapeOf(key: string): Shape {
  if (key === 'aws:requestedregion') return { values: REGIONS };
  if (isBooleanKey(key)) return { values: ['true', 'false'] };
  return SHAPES.get(key);
}

/** Readable values of a key. */
export function hintsOf(key: string): readonly string[] {
  return Object.hasOwn(HINTS, key) ? HINTS[key] : ['value'];
}

/** True if a key holds a list of values. */
export function holdsList(key: string): boolean {
  return isListKey(key);
}
