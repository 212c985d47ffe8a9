import type { Measure } from './measure';
import { median } from './measure';
import type { Workshop } from './workshop';

const ROUNDS = 5;
const BUDGET = { seconds: 2, mib: 300, toNag: 0.25 };

const WHY = 'Rules in a synthesis: the app is made to violate both sides, and prints thousands of findings. By a profile of what the rules add, three fifths are ' +
  'the rules themselves (a quarter of that for buckets: two dozen rules read the policy of each), a fifth is loading them, a fifth is what the CDK does ' +
  'with each finding. cdk-nag asks some 150 simple questions of the same resources; the rules follow roles, keys and policies through the templates.';

const WHOLE = 'All rules over 10,000 resources: the estate is made to violate nearly all of them, with 38,000 findings. By a profile, a tenth is reading the templates, ' +
  'an eighth what the garbage collector takes, a tenth making findings and their fingerprints; of the rest a seventh goes into refusals of bucket policies, ' +
  'the others are each below a twelfth.';

interface RuleRun {
  readonly cpu: number;
  readonly rss: number;
  readonly resources: number;
  readonly evaluations: number;
}

/** All rules over ten thousand resources, and what they add to a synthesis against what four packs of cdk-nag add to the same one. */
export function ruleTimes(workshop: Workshop): Measure[] {
  const script = workshop.bundle('judge-estate');
  const runs = Array.from({ length: ROUNDS }, () => {
    const found = workshop.ask<RuleRun>(script, '10000');
    if (found.resources !== 10000 || found.evaluations < 10000) throw new Error(`the rules judged ${found.evaluations} times over ${found.resources} resources: their time says nothing`);
    return found;
  });
  const cpu = median(runs.map((run) => run.cpu)) / 1000;
  const rss = median(runs.map((run) => run.rss));
  return [
    { what: 'seconds of CPU for all rules over 10000 resources, start included', measured: `${cpu.toFixed(2)} s`, against: '-', value: cpu, budget: { atMost: BUDGET.seconds }, explanation: WHOLE },
    { what: 'MiB of memory for the same', measured: `${rss.toFixed(0)} MiB`, against: '-', value: rss, budget: { atMost: BUDGET.mib } },
    addedByChecks(workshop),
  ];
}

/** What the rules and what cdk-nag add to the synthesis of one app; each side beside the app without checks, in turn. */
function addedByChecks(workshop: Workshop): Measure {
  const files = ['none', 'rules', 'nag'].map((checks) => workshop.app('checked-app', ['CHECKS', checks]));
  const [none, withRules, withNag] = workshop.inTurn('checks of a synthesis', files, ROUNDS, { warmUp: true });
  const [ours, theirs] = [withRules.cpu - none.cpu, withNag.cpu - none.cpu];
  if (!(ours > 0 && theirs > 0.1 * none.cpu)) throw new Error(`checks added ${ours.toFixed(0)} and ${theirs.toFixed(0)} ms to ${none.cpu.toFixed(0)}: one of them did not run`);
  return {
    what: 'CPU that the rules add to a synthesis against four packs of cdk-nag',
    measured: `${ours.toFixed(0)} ms`, against: `${theirs.toFixed(0)} ms`, value: ours / theirs, budget: { atMost: BUDGET.toNag }, explanation: WHY,
  };
}
