import type * as http from 'node:http';
import type { ApiCall } from './api-call';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

const VERBS = /^(Create|Describe|Stop)((?:Training|Processing|Transform|HyperParameterTuning)Job|Model)$/;

interface Remembered {
  readonly request: Readonly<Record<string, unknown>>;
  status: 'InProgress' | 'Stopping';
}

/**
 * What moto 5.2.1 lacks of SageMaker's jobs and models, answered here in the service's protocol (AWS JSON 1.1):
 *
 * - `StopTrainingJob`, `StopProcessingJob`, `StopTransformJob` and `StopHyperParameterTuningJob` are not implemented;
 * - a job is over as soon as it is made, so that nothing could be stopped;
 * - descriptions lack what moto does not keep: `ProcessingResources`, `RemoteDebugConfig`, and a model's `EnableNetworkIsolation`.
 *
 * Names, times, ARNs, tags, models and errors for unknown jobs are moto's.
 */
export class SageMakerGaps {
  private readonly jobs = new Map<string, Remembered>();

  public async answer(call: ApiCall, forward: () => Promise<WireAnswer>): Promise<WireAnswer> {
    const [, verb, noun] = VERBS.exec(call.operation) ?? [];
    if (!verb || !noun) return forward();
    const id = `${noun}/${String(call.parameters[`${noun}Name`])}`;
    if (verb === 'Stop') return this.stop(id);
    const answer = await forward();
    if (answer.status !== 200) return answer;
    if (verb === 'Create') {
      const { Tags: _, ...request } = call.parameters;
      this.jobs.set(id, { request, status: 'InProgress' });
      return answer;
    }
    const job = this.jobs.get(id);
    if (!job) throw new Error(`${id} was not made through this gateway`);
    const described = { ...(JSON.parse(String(answer.body)) as object), ...job.request, ...(noun === 'Model' ? {} : { [`${noun}Status`]: job.status }) };
    const { 'content-length': __, ...headers } = answer.headers;
    return { status: 200, headers, body: JSON.stringify(described) };
  }

  private stop(id: string): WireAnswer {
    const job = this.jobs.get(id);
    const headers = { 'content-type': 'application/x-amz-json-1.1' };
    if (job?.status !== 'InProgress') {
      const message = job ? `The request was rejected because the job is in status ${job.status}.` : 'Requested resource not found.';
      return { status: 400, headers, body: JSON.stringify({ __type: 'ValidationException', message }) };
    }
    job.status = 'Stopping';
    return { status: 200, headers, body: '{}' };
  }
}
