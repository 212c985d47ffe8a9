import type { Resource } from '../../template';
import { Unknown, textParts } from '../../template';

/** The service of an endpoint without its region, such as `bedrock-runtime` or `sagemaker.api`; undefined when it is not known. */
export function serviceOf(endpoint: Resource): string | undefined {
  const parts = textParts(endpoint.at('ServiceName'));
  const name = parts?.map((part) => (part instanceof Unknown ? '~' : part)).join('');
  const found = name === undefined ? undefined : /^(?:com|cn\.com)\.amazonaws\.[^.]+\.(.+)$|^aws\.(sagemaker)\.[^.]+\.(.+)$/.exec(name);
  if (!found) return undefined;
  return found[1] ?? `${found[2]}.${found[3]}`;
}

/** Services through which an AI workload works, and through which its data could leave. */
export const AI_ENDPOINTS = /^(s3|sagemaker\..*|bedrock.*|sts|kms|logs|ecr\.(api|dkr)|secretsmanager)$/;
