import * as path from 'node:path';
import type { Measure } from './measure';
import type { Workshop } from './workshop';

const BUDGET = { addedMs: 5, errors: 0, grownMb: 32 };

interface Load {
  readonly addedP50: number;
  readonly addedP99: number;
  readonly requests: number;
  readonly errors: number;
  readonly loadedP99: number;
  readonly startMb: number;
  readonly endMb: number;
  readonly grownMb: number;
}

/** What the bundled proxy adds to a request, and how it holds under load. */
export function proxyLoad(workshop: Workshop, durationSeconds: number): Measure[] {
  const load = workshop.ask<Load>(workshop.bundle('proxy-load'), path.join(workshop.root, 'assets', 'inference', 'proxy', 'index.mjs'), String(durationSeconds));
  return [
    {
      what: `milliseconds that the proxy adds to a request of 8 KB: p99 (p50 ${load.addedP50.toFixed(2)} ms)`,
      measured: `${load.addedP99.toFixed(2)} ms`, against: '-', value: load.addedP99, budget: { atMost: BUDGET.addedMs },
    },
    {
      what: `errors in ${load.requests} requests, 500 a second for ${durationSeconds} s (p99 ${load.loadedP99.toFixed(1)} ms)`,
      measured: String(load.errors), against: '-', value: load.errors, budget: { atMost: BUDGET.errors },
    },
    {
      what: `MB that memory grows by in the last two thirds of that (mean of the first third ${load.startMb.toFixed(0)}, of the last ${load.endMb.toFixed(0)})`,
      measured: `${load.grownMb.toFixed(1)} MB`, against: '-', value: load.grownMb, budget: { atMost: BUDGET.grownMb },
    },
  ];
}
