import { DeployCheckError } from './deploy-check-error';

/** What CloudFormation asks of a custom resource, and where it waits for the answer. */
export interface DeploymentRequest {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Undefined before the resource was made. */
  readonly physicalResourceId: string | undefined;
  /** What the template asks for; read when it is needed, since a deletion needs nothing of it. */
  readonly prefix: unknown;
}

const FIELD_LENGTH = 1024;

/**
 * Reads the event of a custom resource, which is hostile until it has passed here: an answer goes to the buckets of CloudFormation only.
 *
 * @param hosts where CloudFormation waits for answers, in this region
 * @throws DeployCheckError INVALID_REQUEST when there is nobody who could be answered
 */
export function toDeploymentRequest(event: unknown, hosts: readonly string[]): DeploymentRequest {
  const fields = (typeof event === 'object' && event !== null && !Array.isArray(event) ? event : {}) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value !== 'string' || value === '' || value.length > 8 * FIELD_LENGTH) throw invalid(`${name} is no text of a custom resource's event`);
    return value;
  };
  const type = text('RequestType');
  if (type !== 'Create' && type !== 'Update' && type !== 'Delete') throw invalid('RequestType must be Create, Update or Delete');
  const properties = Object.hasOwn(fields, 'ResourceProperties') ? fields.ResourceProperties : undefined;
  const isObject = typeof properties === 'object' && properties !== null;
  return {
    type,
    responseUrl: answerUrl(text('ResponseURL'), hosts),
    stackId: text('StackId'),
    requestId: text('RequestId'),
    logicalResourceId: text('LogicalResourceId'),
    physicalResourceId: Object.hasOwn(fields, 'PhysicalResourceId') ? text('PhysicalResourceId') : undefined,
    prefix: isObject && Object.hasOwn(properties, 'Prefix') ? (properties as { Prefix: unknown }).Prefix : undefined,
  };
}

/** @throws DeployCheckError INVALID_REQUEST: an answer to anywhere else would tell a stranger about deployments */
function answerUrl(text: string, hosts: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || !hosts.includes(url.host) || url.username !== '' || url.password !== '') {
    throw invalid('ResponseURL leads to no bucket in which CloudFormation waits for answers');
  }
  return text;
}

function invalid(message: string): DeployCheckError {
  return new DeployCheckError('INVALID_REQUEST', message);
}
