import type { FindingOutcome } from '../../core/finding';
import { detectionFinding } from '../../core/finding';
import type { FindingSink } from '../../core/finding-sink';
import { JOB_NAMING } from '../sweep.contract';
import { belongsTo } from './belongs';
import type { Job, JobReference, SweptEnvironment } from './job';
import { SweepError } from './sweep-error';
import type { Violation } from './violations';
import { violationsOf } from './violations';

/** SageMaker's jobs. */
export interface JobControl {
  /** @throws SweepError JOB_NOT_READABLE, also when there is no such job: somebody said that there is */
  describe(job: JobReference): Promise<Job>;
  /** @throws when SageMaker refuses, also because the job is over */
  stop(job: JobReference): Promise<void>;
}

/** What became of a job. */
export interface Sweep {
  /** Left alone as somebody else's, left alone as isolated, stopped now, stopping already, or over already. */
  readonly outcome: 'foreign' | 'isolated' | 'stopped' | 'stopping' | 'ended';
  readonly violations: readonly Violation[];
  /** The uid of the finding. */
  readonly finding?: string;
}

/**
 * Stops a job that belongs to the environment and is not isolated, and raises a finding.
 *
 * It can be run again for the same job: one that is stopping or over is not stopped again, and the finding has the same uid. A job that
 * cannot be stopped is raised as well, before the error.
 *
 * @param now milliseconds since 1970
 * @throws SweepError JOB_NOT_READABLE, JOB_NOT_STOPPED
 * @throws FindingError when nobody could be told
 */
export async function sweepJob(
  reference: JobReference,
  environment: SweptEnvironment,
  ports: { readonly jobs: JobControl; readonly findings: FindingSink; readonly now: number },
): Promise<Sweep> {
  const job = await ports.jobs.describe(reference);
  if (!belongsTo(environment, job)) return { outcome: 'foreign', violations: [] };
  const violations = violationsOf(job, environment);
  if (violations.length === 0) return { outcome: 'isolated', violations };

  const end = await endOf(job, ports.jobs);
  const finding = detectionFinding({
    detector: 'training.job-isolation',
    title: 'A job ran outside of the isolation of its training environment',
    level: end.state === 'running' ? 'critical' : 'high',
    resource: { arn: job.arn, type: `AWS::SageMaker::${JOB_NAMING[job.kind].noun}`, createdAt: job.createdAt },
    reasons: violations,
    outcome: OUTCOMES[end.state],
    time: ports.now,
    runbook: 'job-outside-of-isolation',
  });
  const delivery = await settle(ports.findings.raise(finding));
  if (end.state === 'running') {
    const causes = [end.cause, ...(delivery ? [delivery.error] : [])];
    throw new SweepError('JOB_NOT_STOPPED', `${job.arn} is not isolated (${violations.join(', ')}) and was not stopped`, {
      cause: causes.length === 1 ? causes[0] : new AggregateError(causes, 'neither stopped nor told of'),
    });
  }
  if (delivery) throw delivery.error;
  return { outcome: end.state, violations, finding: finding.finding_info.uid };
}

interface End {
  readonly state: 'stopped' | 'stopping' | 'ended' | 'running';
  /** Why it still runs. */
  readonly cause?: unknown;
}

const OUTCOMES: Readonly<Record<End['state'], FindingOutcome>> = { stopped: 'blocked', stopping: 'blocked', ended: 'observed', running: 'failed' };

async function endOf(job: Job, jobs: JobControl): Promise<End> {
  if (job.state !== 'running') return { state: job.state };
  const refusal = await settle(jobs.stop(job));
  if (!refusal) return { state: 'stopped' };
  // It may have come to its end, or another delivery may have stopped it, in between: SageMaker then refuses to stop it.
  const { state } = await jobs.describe(job).catch(() => job);
  return state === 'running' ? { state, cause: refusal.error } : { state };
}

async function settle(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return work.then(() => undefined, (error: unknown) => ({ error }));
}
