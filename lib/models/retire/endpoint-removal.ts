import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DeleteEndpointCommand, DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import { RetireError } from './retire-error';

/**
 * Removes an endpoint, and makes sure that it is gone.
 *
 * @throws RetireError ENDPOINT_STILL_THERE - ask again later; NOT_DONE
 */
export async function removeEndpoint(sagemaker: Pick<SageMakerClient, 'send'>, EndpointName: string): Promise<void> {
  const status = await statusOf(sagemaker, EndpointName);
  if (status === undefined) return;
  if (status !== 'Deleting') await done('DeleteEndpoint', () => sagemaker.send(new DeleteEndpointCommand({ EndpointName })));
  if ((await statusOf(sagemaker, EndpointName)) !== undefined) throw new RetireError('ENDPOINT_STILL_THERE', `the endpoint ${EndpointName} is not gone yet`);
}

async function statusOf(sagemaker: Pick<SageMakerClient, 'send'>, EndpointName: string): Promise<string | undefined> {
  try {
    return (await sagemaker.send(new DescribeEndpointCommand({ EndpointName }))).EndpointStatus ?? 'unknown';
  } catch (cause) {
    // SageMaker has no error of its own for what is not there.
    if (cause instanceof Error && cause.name === 'ValidationException' && /could not find/i.test(cause.message)) return undefined;
    throw notDone('DescribeEndpoint', cause);
  }
}

/** @throws RetireError NOT_DONE - with the name of the error alone: its text may quote what was asked for */
export async function done<T>(operation: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw notDone(operation, cause);
  }
}

function notDone(operation: string, cause: unknown): RetireError {
  return new RetireError('NOT_DONE', `${operation} failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
}
