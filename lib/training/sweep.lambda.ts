import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { FindingBus } from '../core/finding-bus';
import { requireEnvironment } from '../core/handler-environment';
import { SWEEP_ENV } from './sweep.contract';
import { toJobReference } from './sweep/job-event';
import { SageMakerJobs } from './sweep/sagemaker-jobs';
import { sweptEnvironment } from './sweep/settings';
import type { Sweep } from './sweep/sweep-job';
import { sweepJob } from './sweep/sweep-job';

const sagemaker = new SageMakerClient({});
const events = new EventBridgeClient({});

/** Judges the job of one event; see `sweepJob`. */
export async function handler(event: unknown): Promise<Sweep> {
  const environment = sweptEnvironment(requireEnvironment);
  const reference = toJobReference(event, requireEnvironment(SWEEP_ENV.JOB_ARN_PREFIX));
  const findings = new FindingBus(events, requireEnvironment(SWEEP_ENV.FINDING_BUS));
  const sweep = await sweepJob(reference, environment, { jobs: new SageMakerJobs(sagemaker), findings, now: Date.now() });
  console.log(JSON.stringify({ swept: reference.name, kind: reference.kind, ...sweep }));
  return sweep;
}
