import type { Value } from '../../template';
import { textParts } from '../../template';
import type { Answer } from '../answer';
import { ask } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { IMAGE_TYPES, imageSites } from './container-images';

/** `AISec-SM03`. */
export const imagePinnedByDigest: Rule = {
  id: 'AISec-SM03',
  name: 'ImagePinnedByDigest',
  title: 'Container images of models, jobs and agents are named by their digest',
  severity: 'HIGH',
  controls: ['SC3', 'ML6'],
  threats: ['AML.T0010.004', 'AML.CS0028'],
  why: 'Whoever can push to the repository moves the tag to another image; the next deployment runs it with the role of the model.',
  remedy: 'Name the image by @sha256: with the digest that was scanned. CDK assets are accepted: their tag is the hash of their content.',
  example: 'image: `${repository.repositoryUri}@sha256:${approvedDigest}`',
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  types: IMAGE_TYPES,
  check: ({ resource }) =>
    imageSites(resource).map(({ path, value }) => judged(ask(value, isPinned), 'the image is named by a tag that can be moved', path)),
};

const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** Tags of CDK assets, in a repository with immutable tags. */
const CONTENT_HASH = /:(?:[A-Za-z0-9_.-]*-)?[0-9a-f]{64}$/;
/** Images of the platform that AWS publishes under one moving name and that have no other. */
const PLATFORM = /\/sagemaker-(?:model-monitor-analyzer|clarify-processing)(?::|$)/;

function isPinned(value: Value | undefined): Answer {
  const parts = textParts(value) ?? [];
  const last = parts.at(-1);
  const text = parts.map((part) => (typeof part === 'string' ? part : ' ')).join('');
  if (DIGEST.test(text) || CONTENT_HASH.test(text) || PLATFORM.test(text)) return 'YES';
  if (typeof last === 'string') return 'NO';
  // What follows an '@' can only be a digest.
  return text.endsWith('@ ') ? 'YES' : 'UNKNOWN';
}
