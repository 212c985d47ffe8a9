import type { Box } from './box';
import { intersect, subtract } from './box';

/** One step of a way through a network. */
export interface Hop {
  /** Id of the resource, or a word such as `internet`. */
  readonly resource: string;
  /** What lets the packets pass there. */
  readonly says: string;
}

/** Packets on their way, with what let them pass so far. */
export interface Flow {
  readonly box: Box;
  readonly hops: readonly Hop[];
  /** Why it is not certain that they come so far. */
  readonly unsure: readonly string[];
}

/** A rule that speaks of some packets. */
export interface PacketRule {
  readonly boxes: readonly Box[];
  readonly hop: Hop;
  /** Why it is not certain that the rule is there, or what it says. @default - it is certain */
  readonly unsure?: string;
}

/** The packets of flows that a rule speaks of, with the rule as the next hop. */
export function pass(flows: readonly Flow[], rule: PacketRule): Flow[] {
  return flows.flatMap((flow) =>
    rule.boxes.flatMap((box) => {
      const common = intersect(flow.box, box);
      return common === undefined ? [] : [{ box: common, hops: [...flow.hops, rule.hop], unsure: withReason(flow.unsure, rule.unsure) }];
    }),
  );
}

/** The packets that a rule leaves to the rules after it; where the rule is uncertain so is what follows. */
export function remaining(flows: readonly Flow[], rule: PacketRule): Flow[] {
  return flows.flatMap((flow) => {
    let rest: Box[] = [flow.box];
    const doubtful: Box[] = [];
    for (const box of rule.boxes) {
      if (rule.unsure !== undefined) {
        doubtful.push(
          ...rest.flatMap((r) => {
            const common = intersect(r, box);
            return common === undefined ? [] : [common];
          }),
        );
      }
      rest = rest.flatMap((r) => subtract(r, box));
    }
    return [
      ...rest.map((box) => ({ ...flow, box })),
      ...doubtful.map((box) => ({ ...flow, box, unsure: withReason(flow.unsure, rule.unsure) })),
    ];
  });
}

/** Adds a hop to every flow, and a doubt where there is one. */
export function through(flows: readonly Flow[], hop: Hop, unsure?: string): Flow[] {
  return flows.map((flow) => ({ box: flow.box, hops: [...flow.hops, hop], unsure: withReason(flow.unsure, unsure) }));
}

function withReason(reasons: readonly string[], more: string | undefined): readonly string[] {
  return more === undefined || reasons.includes(more) ? reasons : [...reasons, more];
}
