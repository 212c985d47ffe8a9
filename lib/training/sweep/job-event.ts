import type { JobKind } from '../sweep.contract';
import { JOB_KINDS, JOB_NAMING } from '../sweep.contract';
import type { JobReference } from './job';
import { SweepError } from './sweep-error';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/;

/**
 * Reads an event of SageMaker. Nothing of it is believed but the name: whoever may invoke the function can write the rest.
 *
 * @param jobArnPrefix all that comes before the kind in the ARNs of the account and region; other accounts may forward their events
 * @throws SweepError INVALID_EVENT
 */
export function toJobReference(event: unknown, jobArnPrefix: string): JobReference {
  const source = field(event, 'source');
  if (source !== 'aws.sagemaker') throw invalid(`the event's source must be aws.sagemaker, got ${shown(source)}`);
  const kind = kindOf(field(event, 'detail-type'));
  const { noun, path } = JOB_NAMING[kind];
  const detail = field(event, 'detail');
  const name = field(detail, `${noun}Name`);
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(`${noun}Name must be 1 to 63 letters, digits and '-', got ${shown(name)}`);
  }
  const arn = field(detail, `${noun}Arn`);
  // SageMaker writes names in lower case in some ARNs.
  if (typeof arn !== 'string' || arn.toLowerCase() !== `${jobArnPrefix}${path}/${name}`.toLowerCase()) {
    throw invalid(`${noun}Arn must be ${jobArnPrefix}${path}/${name}, got ${shown(arn)}`);
  }
  return { kind, name };
}

function kindOf(detailType: unknown): JobKind {
  const kind = JOB_KINDS.find((one) => JOB_NAMING[one].detailType === detailType);
  if (kind === undefined) throw invalid(`the event's detail-type must be the state change of a job, got ${shown(detailType)}`);
  return kind;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function invalid(message: string): SweepError {
  return new SweepError('INVALID_EVENT', message);
}

/** Enough of a value to recognise it, never a whole payload. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value;
}
