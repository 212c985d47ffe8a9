import type { Box } from './box';
import { intersect, subtract } from './box';
import { NetworkError } from './error';

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

/** Flows at one place, at most: rules that overlap each other multiply from place to place. */
const MAX_FLOWS = 50_000;

/** The packets of flows that a rule speaks of, with the rule as the next hop. */
export function pass(flows: readonly Flow[], rule: PacketRule): Flow[] {
  const passed: Flow[] = [];
  for (const flow of flows) {
    for (const box of rule.boxes) {
      const common = intersect(flow.box, box);
      if (common !== undefined) passed.push({ box: common, hops: [...flow.hops, rule.hop], unsure: withReason(flow.unsure, rule.unsure) });
    }
  }
  return bounded(passed, rule.hop);
}

/** The flows, unless they are too many to follow. @throws {@link NetworkError} `TOO_LARGE` */
export function bounded(flows: Flow[], at: Hop): Flow[] {
  if (flows.length <= MAX_FLOWS) return flows;
  throw new NetworkError('TOO_LARGE', `at ${at.resource} rules combine to more than ${MAX_FLOWS} ways: write fewer rules that overlap`);
}

/** Without flows whose packets are all in one before them that is no less certain. */
export function distinct(flows: readonly Flow[]): Flow[] {
  const kept: Flow[] = [];
  for (const flow of flows) {
    // Beyond that many, looking costs more than it saves.
    const known = kept
      .slice(0, 200)
      .some((k) => subtract(flow.box, k.box).length === 0 && k.unsure.every((reason) => flow.unsure.includes(reason)));
    if (!known) kept.push(flow);
  }
  return kept;
}

/** The packets that a rule leaves to the rules after it; where the rule is uncertain so is what follows. */
export function remaining(flows: readonly Flow[], rule: PacketRule): Flow[] {
  const left = flows.flatMap((flow) => {
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
  return bounded(left, rule.hop);
}

/** Adds a hop to every flow, and a doubt where there is one. */
export function through(flows: readonly Flow[], hop: Hop, unsure?: string): Flow[] {
  return flows.map((flow) => ({ box: flow.box, hops: [...flow.hops, hop], unsure: withReason(flow.unsure, unsure) }));
}

function withReason(reasons: readonly string[], more: string | undefined): readonly string[] {
  return more === undefined || reasons.includes(more) ? reasons : [...reasons, more];
}
