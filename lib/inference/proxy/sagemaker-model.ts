import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { ModelAnswer, ModelPort, ModelQuestion } from './model-port';
import { ProxyError } from './proxy-error';

/** Errors with which SageMaker says that a request may succeed later. */
const BUSY = new Set(['ThrottlingException', 'TooManyRequestsException', 'ServiceUnavailable', 'ServiceUnavailableException', 'ModelNotReadyException']);

/** A SageMaker real-time endpoint. */
export class SageMakerModel implements ModelPort {
  constructor(private readonly client: SageMakerRuntimeClient, private readonly endpointName: string) {}

  public async ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer> {
    const command = new InvokeEndpointCommand({
      EndpointName: this.endpointName,
      Body: question.body,
      ContentType: question.contentType,
      Accept: 'application/json',
      InferenceId: question.requestId,
    });
    try {
      const { Body, ContentType } = await this.client.send(command, { abortSignal: signal });
      return { body: Body ?? new Uint8Array(), contentType: ContentType ?? '' };
    } catch (error) {
      if (signal.aborted) throw error;
      const name = error instanceof Error ? error.name : '';
      // Messages of models hold parts of what they were asked: only the name goes on.
      throw BUSY.has(name) ? new ProxyError('BUSY', name) : new ProxyError('MODEL_FAILED', name.slice(0, 80));
    }
  }
}
