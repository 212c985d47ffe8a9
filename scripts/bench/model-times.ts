import { hashing } from '../../test/bench/hashing';
import type { WalkFigure } from '../../test/bench/walk-pickles';
import type { Measure } from './measure';
import type { Workshop } from './workshop';

const BUDGET = { hashing: 0.9, walk: 500 };

const WHY = 'Hashing: both sides read from the page cache with as many threads as cores, and CPU of all threads counts. What the library does besides is to find out ' +
  'before and after each file that it is the one that was listed, neither linked nor changed: on many small files that is half as much again as hashing.';

/** Signing's SHA-256 over a tree of files against Node's own over the same. */
export async function hashingSpeed(): Promise<Measure[]> {
  const figures = await hashing();
  return figures.map(({ what, megabytesPerSecond, baselineMegabytesPerSecond, ratio }) => ({
    what: `MB/s of hashing for signing, ${what}`, measured: `${megabytesPerSecond.toFixed(0)} MB/s`, against: `${baselineMegabytesPerSecond.toFixed(0)} MB/s`,
    value: ratio, budget: { atLeast: BUDGET.hashing }, explanation: WHY,
  }));
}

/** How fast pickles are walked: bundled, since what a loader adds to functions is a part of nobody's speed. */
export function walkSpeed(workshop: Workshop): Measure[] {
  const figures = workshop.ask<readonly WalkFigure[]>(workshop.bundle('walk-pickles'));
  return figures.map(({ kind, megabytesPerSecond }) => ({
    what: `MB/s of walking a pickle of ${kind}`, measured: `${megabytesPerSecond.toFixed(0)} MB/s`, against: '-', value: megabytesPerSecond, budget: { atLeast: BUDGET.walk },
  }));
}
