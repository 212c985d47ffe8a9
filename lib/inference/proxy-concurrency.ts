import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { HandlerFunction } from '../core/handler-function';
import { SecurityPosture } from '../posture';

/**
 * Reserves more executions for a function that answers requests than the posture does for one that works in the background. Where the
 * posture reserves none, none are.
 */
export function setConcurrency(handler: HandlerFunction, concurrency: number | undefined): void {
  if (concurrency === undefined || SecurityPosture.of(handler).handlerConcurrency === undefined) return;
  if (!Number.isInteger(concurrency) || concurrency < 1) throw new Error(`'${handler.node.path}': concurrency must be a whole number above zero, got ${concurrency}`);
  (handler.function.node.defaultChild as CfnFunction).reservedConcurrentExecutions = concurrency;
}
