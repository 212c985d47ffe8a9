import type { ApiCall, WireRequest } from './api-call';

/**
 * Reads the one operation of SageMaker's runtime that handlers call. Its protocol is REST JSON: the path names the operation, headers carry
 * the parameters, and the body goes to the model as it is.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
 * @throws for another operation
 */
export function sageMakerRuntimeOperation({ method, url, headers, body }: WireRequest): Omit<ApiCall, 'service'> {
  const name = /^\/endpoints\/([^/?]+)\/invocations$/.exec(url)?.[1];
  if (method !== 'POST' || name === undefined) throw new Error(`${method} ${url} is no operation of SageMaker's runtime that is known here`);
  const parameters: Record<string, string> = { EndpointName: decodeURIComponent(name), Body: body.toString('utf8') };
  for (const [parameter, header] of Object.entries(HEADERS)) {
    const value = headers[header];
    if (typeof value === 'string') parameters[parameter] = value;
  }
  return { operation: 'InvokeEndpoint', parameters };
}

const HEADERS = {
  ContentType: 'content-type',
  Accept: 'accept',
  InferenceId: 'x-amzn-sagemaker-inference-id',
  CustomAttributes: 'x-amzn-sagemaker-custom-attributes',
  TargetModel: 'x-amzn-sagemaker-target-model',
  TargetVariant: 'x-amzn-sagemaker-target-variant',
} as const;
