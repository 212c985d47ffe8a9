import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { recordedReason } from '../core/acknowledge';
import { acknowledgementClassesOf } from '../core/acknowledgement-classes';

/** Why a finding stays. */
export interface FindingAcknowledgement {
  readonly class: string;
  readonly kind: string;
  readonly reason: string;
}

/** The reason that the CDK shows for a finding it suppresses: its id carries the name of the plugin. Undefined when the finding is open. */
export function reasonSeenByCdk(node: IConstruct, pluginName: string, findingId: string): string | undefined {
  const key = `${dashed(pluginName)}::${dashed(findingId)}`;
  return closestReason(node, (id) => id === key);
}

/** The reason behind a finding that cdk-nag dropped by itself: its id carries no plugin name. Undefined when nobody gave one. */
export function reasonSeenByNag(node: IConstruct, findingId: string): string | undefined {
  return closestReason(node, (id) => id.replace(/^annotation::/i, '') === findingId);
}

/** Attributes an acknowledged finding: to a class of the library if the library wrote it, else to the user. */
export function attribute(node: IConstruct, findingId: string, reason: string): FindingAcknowledgement {
  const classes = acknowledgementClassesOf(findingId, node.node.path);
  // A user may acknowledge the same rule at the same place for another reason: that is the user's decision, and shown as such.
  const cls = classes.find((candidate) => recordedReason(candidate) === reason);
  return cls ? { class: cls.id, kind: cls.kind, reason } : { class: 'USER', kind: 'USER', reason };
}

function closestReason(node: IConstruct, matches: (id: string) => boolean): string | undefined {
  for (let current: IConstruct | undefined = node; current; current = current.node.scope) {
    let reason: string | undefined;
    for (const entry of current.node.metadata) {
      if (entry.type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
      // The last entry wins, as in the CDK.
      for (const [id, given] of Object.entries(entry.data as Record<string, string>)) if (matches(id)) reason = String(given ?? '');
    }
    if (reason !== undefined) return reason;
  }
  return undefined;
}

// The CDK stores and compares ids with dashes for spaces.
function dashed(text: string): string {
  return text.replaceAll(' ', '-');
}
