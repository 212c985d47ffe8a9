import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Measure } from './measure';
import type { Workshop } from './workshop';

const ROUNDS = 9;
const LOAD = 1.1;
/** KiB of a handler that has the clients of KMS and S3, and of any handler. */
const BUNDLE = { withClients: 480, any: 1024 };

/** What it costs to load the package beside the CDK. */
export function loading(workshop: Workshop): Measure {
  const app = "const { App } = require('aws-cdk-lib'); if (typeof App !== 'function') throw new Error('no App');";
  const files = [workshop.script('load-library', `require('cdk-secure-ai'); ${app}`), workshop.script('load-cdk', app)];
  const [ours, theirs] = workshop.inTurn('loading', files, ROUNDS, { warmUp: true });
  return {
    what: "CPU of require('cdk-secure-ai') against require('aws-cdk-lib'), App touched",
    measured: `${ours.cpu.toFixed(0)} ms`, against: `${theirs.cpu.toFixed(0)} ms`, value: ours.cpu / theirs.cpu, budget: { atMost: LOAD },
  };
}

const LARGE = 'Handlers above 480 KiB: each has the clients of KMS and S3, which are 427 KiB alone, and what verifies a whole model besides: ' +
  'the scanners of all formats (`models/scan`, `models/gate-check`) or signatures, certificates and summaries (`models/deploy-check`). ' +
  'None of that is a client that could be left out; none comes near the 1,024 KiB that any handler may have.';

/** How large each handler is. */
export function bundles({ root }: Workshop): Measure[] {
  const assets = path.join(root, 'assets');
  const files = fs.readdirSync(assets, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'index.mjs').sort();
  if (files.length === 0) throw new Error(`no bundle in ${assets}: run 'npm run build'`);
  const sizes = files.map((file) => ({ name: path.dirname(file), kib: fs.statSync(path.join(assets, file)).size / 1024 }));
  const [largest] = [...sizes].sort((a, b) => b.kib - a.kib);
  return [
    ...sizes.map(({ name, kib }) => ({
      what: `KiB of the handler ${name}`, measured: `${kib.toFixed(0)} KiB`, against: '-', value: kib, budget: { atMost: BUNDLE.withClients }, explanation: LARGE,
    })),
    { what: `KiB of the largest handler, ${largest.name}`, measured: `${largest.kib.toFixed(0)} KiB`, against: '-', value: largest.kib, budget: { atMost: BUNDLE.any } },
  ];
}
