import type { LaunchEvent } from './launch.contract';
import type { PreparedJob } from './launch/prepare-job';
import { prepareJob } from './launch/prepare-job';
import { toTrainingRequest } from './launch/training-request';

/** Turns a request into the variable part of a training job; see `prepareJob`. */
export async function handler({ request, settings }: LaunchEvent): Promise<PreparedJob> {
  const job = prepareJob(toTrainingRequest(request), settings);
  console.log(JSON.stringify({ prepared: job.name }));
  return job;
}
