import type { Measure } from './measure';
import { beyond, contentOf } from './template-content';
import type { Times, Workshop } from './workshop';

const ROUNDS = 5;
const BUDGET = 1;

const WHY = 'Synthesis: resources and statements are those of the app by hand, one for one. What the library does besides is to read some fifty modules of ' +
  'its own, about 20 ms, and to write acknowledgements with their reasons, controls and posture into the assembly.';

/** The synthesis of a model store with its promoter against the same written by hand: validated by nothing, and by CloudFormation's rules. */
export function storeSynthesis(workshop: Workshop): Measure[] {
  const files = ['library-store', 'hand-written-store'].map((name) => workshop.app(name));
  const [a, b] = files.map((file) => beyond(contentOf(workshop.run(file).outdir)));
  if (a !== b) throw new Error(`the two stores differ, so their times say nothing:\nlibrary:    ${a}\nby hand:    ${b}`);
  const what = 'synthesising a store with promoter against the same by hand';
  const plain = workshop.inTurn('a store', files, ROUNDS, { warmUp: true });
  const validated = workshop.inTurn('a store, validated', files, 1, { warmUp: false, environment: { CDK_VALIDATION: 'true' } });
  return [
    { ...ratio(`CPU of ${what}`, plain, 'cpu'), budget: { atMost: BUDGET }, explanation: WHY },
    ratio('its time from start to end', plain, 'wall'),
    ratio("its CPU with the CDK's own validation, once", validated, 'cpu'),
    ratio('its time from start to end with that validation, once', validated, 'wall'),
  ];
}

function ratio(what: string, [ours, theirs]: readonly Times[], kind: keyof Times): Measure {
  return { what, measured: `${ours[kind].toFixed(0)} ms`, against: `${theirs[kind].toFixed(0)} ms`, value: ours[kind] / theirs[kind] };
}
