import type { DetectionFinding } from './finding';
import type { AwsCall } from './handler-contract';

/** Where findings go. */
export interface FindingSink {
  /**
   * Delivers a finding. It may arrive twice: its `finding_info.uid` tells.
   *
   * @throws FindingError NOT_DELIVERED; a handler lets it through, so that the event is tried again and ends in the dead-letter queue
   */
  raise(finding: DetectionFinding): Promise<void>;
}

/** What the events of findings are called, for the rules that route them. */
export const FINDING_EVENT = { source: 'secure-ai', detailType: 'Detection Finding' } as const;

/** The bus on which services publish, and that every account has. */
export const DEFAULT_BUS = 'default';

/** The slot of the bus that findings are put on. */
export const FINDING_BUS_SLOT = 'findingBus';

/** The call that raises a finding, for the contract of each handler that does. */
export const RAISE_FINDING: AwsCall = {
  service: 'events',
  operation: 'PutEvents',
  permits: [{ actions: ['events:PutEvents'], slot: FINDING_BUS_SLOT }],
};
