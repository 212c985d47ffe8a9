import { Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ILogArchive } from '../audit';
import { AlarmTopic, AuditTrail, LogArchive, ThreatDetection, ThreatDetector } from '../audit';
import { InferenceBudget } from '../inference';
import { NetworkSegment } from '../network';
import { SecurityPosture, SecurityProfile } from '../posture';
import type { PlatformAccount } from './platform-account';

/** One account and region of a platform: where its parts go, who is told, what is recorded, and the network in which they run. */
export class PlatformSite {
  /** Where audit records go. */
  public readonly archive: ILogArchive;
  private readonly root: Construct;
  private own?: NetworkSegment;

  /** @param stage the name of a stage of its own, for an account that is deployed apart */
  constructor(scope: Construct, private readonly account: PlatformAccount, stage?: string) {
    const inStack = Stack.isStack(scope) || scope.node.scopes.some((at) => Stack.isStack(at));
    if (inStack && (account.env || stage)) {
      throw new Error(`'${scope.node.path}' is inside a stack, which has one account: make the platform in the app to name ${stage ? 'more' : 'another'}`);
    }
    this.root = stage ? new Stage(scope, stage, account.env ? { env: account.env } : {}) : scope;
    // What judges a stack asks for the posture of the whole stack.
    this.attachPosture(inStack ? Stack.of(scope) : this.root);

    const { audit = {} } = account;
    this.archive = audit.archive ?? new LogArchive(this.place('Archive'), 'Archive');
    const records = this.place('Audit');
    new AuditTrail(records, 'Trail', { archive: this.archive, ...(audit.managementEvents ? { managementEvents: audit.managementEvents } : {}) });
    if (SecurityPosture.of(records).alarmTopic) {
      new ThreatDetection(records, 'Threats', { detector: audit.detector ?? ThreatDetector.managedByOrganization() });
    }
    if (account.budget) new InferenceBudget(records, 'Budget', account.budget);
  }

  /** The segment in which models are promoted and served. */
  public get segment(): NetworkSegment {
    const { network = {} } = this.account;
    this.own ??= new NetworkSegment(this.place('Network'), 'Segment', network.existing || network.cidr ? network : { ...network, cidr: '10.64.32.0/20' });
    return this.own;
  }

  /** A stack for a part or, inside a stack, a place in it. */
  public place(name: string): Construct {
    const at = this.root;
    if (at.node.scopes.some((above) => Stack.isStack(above))) return new Construct(at, name);
    return new Stack(at, name, this.account.env ? { env: this.account.env } : {});
  }

  /** A place of its own inside a stack; otherwise the stack of another part, which both must be in. */
  public placeWith(part: Construct, name: string): Construct {
    return Stack.isStack(part) ? part : this.place(name);
  }

  private attachPosture(scope: Construct): void {
    const { posture, onCall } = this.account;
    if (!onCall) {
      if (posture) SecurityPosture.attach(scope, posture);
      return;
    }
    if (!posture) throw new Error(`'${this.root.node.path}': onCall makes the alarm topic of a posture: give posture as well, if only an empty one`);
    if (posture.alarmTopic) throw new Error(`'${this.root.node.path}': onCall and posture.alarmTopic contradict each other: give one of them`);
    const place = this.place('OnCall');
    // The highest profile asks for the topic that is made here; a topic takes nothing from it that the profile below does not give.
    const profile = posture.profile === SecurityProfile.HIGH_ASSURANCE ? SecurityProfile.REGULATED : posture.profile;
    SecurityPosture.attach(place, { ...posture, ...(profile ? { profile } : {}) });
    const { topic } = new AlarmTopic(place, 'Topic', { subscriptions: onCall });
    SecurityPosture.attach(scope, { ...posture, alarmTopic: topic });
  }
}
