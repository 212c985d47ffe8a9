import type { Measure } from './measure';
import { seconds } from './measure';
import { beyond, contentOf, resourcesOf } from './template-content';
import type { Times, Workshop } from './workshop';

const ROUNDS = 5;
const BUDGET = { further: 1, growth: 1.05, resources: 25, stack: 500 };

const SIDES = ['library', 'hand-written'] as const;
const WHY = 'A further endpoint: resources and statements are those by hand, one for one. A profile of what the library does besides shows the stack trace ' +
  'that the CDK records with each acknowledgement (1.2 ms for each endpoint), the wildcards of each policy looked up for their acknowledgements ' +
  '(0.6 ms), and the sizes of policies counted, so that none grows beyond what IAM takes (0.4 ms).';

/** Endpoints on gateways: what each further one costs against one by hand, and what hundreds cost. */
export function endpointSynthesis(workshop: Workshop): Measure[] {
  const script = (side: (typeof SIDES)[number], number: number): string => workshop.app(`${side}-endpoints`, ['COUNT', String(number)]);
  const resources = furtherResources(workshop, script);
  const largest = Math.max(...[...resourcesOf(workshop.run(script('library', 300)).outdir).values()].map((list) => list.length));

  const runs = [['library', 1], ['library', 10], ['hand-written', 10], ['library', 100], ['hand-written', 100], ['library', 300], ['hand-written', 300]] as const;
  const times = workshop.inTurn('endpoints', runs.map(([side, number]) => script(side, number)), ROUNDS, { warmUp: false });
  const of = (side: string, number: number): Times => times[runs.findIndex(([s, n]) => s === side && n === number)];
  const each = (side: string) => (of(side, 100).cpu - of(side, 10).cpu) / 90;
  const first = of('library', 1).cpu;
  const growth = Math.log((of('library', 300).cpu - first) / (of('library', 10).cpu - first)) / Math.log(299 / 9);
  return [
    { what: 'resources that one more endpoint on a gateway adds', measured: String(resources), against: '-', value: resources, budget: { atMost: BUDGET.resources } },
    { what: 'resources in the largest of the stacks of 300 endpoints', measured: String(largest), against: '-', value: largest, budget: { atMost: BUDGET.stack } },
    {
      what: 'CPU of each further endpoint, from 10 to 100, against the same by hand',
      measured: `${each('library').toFixed(0)} ms`, against: `${each('hand-written').toFixed(0)} ms`, value: each('library') / each('hand-written'),
      budget: { atMost: BUDGET.further }, explanation: WHY,
    },
    ...[10, 100, 300].map((number): Measure => {
      const [ours, theirs] = SIDES.map((side) => of(side, number));
      return { what: `CPU of ${number} endpoints against the same by hand (from start to end ${seconds(ours.wall)})`, measured: seconds(ours.cpu), against: seconds(theirs.cpu), value: ours.cpu / theirs.cpu };
    }),
    {
      what: `growth of that CPU from 10 to 300 endpoints, without the first one's ${seconds(first)} (1: in proportion)`,
      measured: seconds(of('library', 300).cpu), against: seconds(of('library', 10).cpu), value: growth, budget: { atMost: BUDGET.growth },
    },
  ];
}

/** How many resources a second endpoint adds: as many as by hand, of the same types. */
function furtherResources(workshop: Workshop, script: (side: (typeof SIDES)[number], number: number) => string): number {
  const [ours, theirs] = SIDES.map((side) => {
    const [one, two] = [1, 2].map((number) => contentOf(workshop.run(script(side, number)).outdir));
    return beyond(two, one);
  });
  if (ours !== theirs) throw new Error(`one more endpoint is another thing by hand, so their times say nothing:\nlibrary:    ${ours}\nby hand:    ${theirs}`);
  return (JSON.parse(ours) as [string, number][]).filter(([name]) => !name.endsWith(' statements')).reduce((sum, [, number]) => sum + number, 0);
}
