import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DetectionFinding } from './finding';
import { FindingError } from './finding-error';
import type { FindingSink } from './finding-sink';
import { FINDING_EVENT } from './finding-sink';

/** Puts findings on an EventBridge bus, from where rules take them to people, to Security Hub or to a lake. */
export class FindingBus implements FindingSink {
  constructor(private readonly events: EventBridgeClient, private readonly busName: string) {}

  public async raise(finding: DetectionFinding): Promise<void> {
    const uid = finding.finding_info.uid;
    const entry = {
      EventBusName: this.busName,
      Source: FINDING_EVENT.source,
      DetailType: FINDING_EVENT.detailType,
      Time: new Date(finding.time),
      Resources: finding.resources.map((resource) => resource.uid),
      Detail: JSON.stringify(finding),
    };
    const answer = await this.events.send(new PutEventsCommand({ Entries: [entry] })).catch((cause: unknown) => {
      throw new FindingError('NOT_DELIVERED', `finding ${uid} was not delivered to the bus ${this.busName}`, { cause });
    });
    // EventBridge answers 200 for entries that it did not take; without an id for the entry nobody knows that it did.
    const [result] = answer.Entries ?? [];
    if (answer.FailedEntryCount !== 0 || result?.EventId === undefined) {
      throw new FindingError('NOT_DELIVERED', `the bus ${this.busName} did not take finding ${uid}: ${result?.ErrorCode ?? 'no answer for it'}`);
    }
  }
}
