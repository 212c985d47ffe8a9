import { digestOfPrefix } from '../model-prefix';
import { DeployCheckError, type DeployCheckErrorCode } from './deploy-check-error';
import type { DeploymentRequest } from './deployment-request';

/** What CloudFormation is told. It never holds what was read. */
export interface DeploymentAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** CloudFormation takes answers up to 4 KB. */
const MAX_REASON = 600;

/** An answer, with the code of the refusal that it tells; undefined: nothing was refused. */
export interface DeploymentDecision {
  readonly answer: DeploymentAnswer;
  readonly refusal?: DeployCheckErrorCode;
}

/** What answering takes from outside. */
export interface AnswerPorts {
  readonly check: (prefix: string) => Promise<unknown>;
  /** Ends after the time in which an answer must be ready. */
  readonly deadline: () => Promise<void>;
}

/**
 * Decides about a request. It always gives an answer: a stack whose resource does not answer hangs.
 *
 * A deletion is never refused, so that neither a rollback nor the end of a stack waits for a model to be good. The physical id names the
 * model alone, so that an update of anything else about the resource deletes nothing.
 */
export async function answerDeployment(request: DeploymentRequest, ports: AnswerPorts): Promise<DeploymentDecision> {
  const { type, physicalResourceId } = request;
  if (type === 'Delete') return { answer: answer(request, 'SUCCESS', 'nothing is kept that would have to be removed', physicalResourceId) };
  try {
    const prefix = prefixOf(request.prefix);
    await withinTime(ports.check(prefix), ports.deadline);
    return { answer: answer(request, 'SUCCESS', 'the gate passed this model, and it lies there unchanged', prefix) };
  } catch (error) {
    const refusal = error instanceof DeployCheckError ? error : new DeployCheckError('CHECK_FAILED', 'the check failed; its log says why', { cause: error });
    return { answer: answer(request, 'FAILED', `${refusal.code}: ${refusal.message}`, physicalResourceId), refusal: refusal.code };
  }
}

function prefixOf(value: unknown): string {
  try {
    digestOfPrefix(String(value));
  } catch (cause) {
    throw new DeployCheckError('INVALID_REQUEST', cause instanceof Error ? cause.message.slice(0, 300) : 'no prefix', { cause });
  }
  return String(value);
}

async function withinTime<T>(work: Promise<T>, deadline: () => Promise<void>): Promise<T> {
  const late = deadline().then((): never => {
    throw new DeployCheckError('TIMED_OUT', 'the check did not end in its time: deploy again, and see its log if that does not help');
  });
  return Promise.race([work, late]);
}

function answer(
  { stackId, requestId, logicalResourceId }: DeploymentRequest, Status: DeploymentAnswer['Status'], reason: string, id: string | undefined,
): DeploymentAnswer {
  return {
    Status,
    // Names of objects come from outside, and whoever reads events reads them in a terminal.
    Reason: reason.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_REASON),
    // A resource that was never made needs a name as well, for the deletion that follows.
    PhysicalResourceId: id ?? `not-approved-${requestId.slice(0, 64)}`,
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalResourceId,
  };
}
