import { RAISE_FINDING } from '../core/finding-sink';
import type { HandlerContract } from '../core/handler-contract';
import type { ChainStep } from './scan/chain-finding';

/** Names of the environment variables of what raises the finding. */
export const SCAN_FINDING_ENV = { FINDING_BUS: 'FINDING_BUS' } as const;

/** What a state machine gives to it. */
export interface ScanFindingEvent {
  /** What goes no further; part of the definition. */
  readonly about: ChainStep;
  /** Closed codes. */
  readonly reasons: readonly string[];
  /** ARN of the execution, whose input names the upload. */
  readonly execution: string;
  /** When the execution began, as Step Functions writes it. */
  readonly startedAt: string;
}

/** What the construct, the handler and the tests of the finding agree on. */
export const SCAN_FINDING: HandlerContract = {
  area: 'models', name: 'scan-finding', environment: Object.values(SCAN_FINDING_ENV), calls: [RAISE_FINDING],
};
