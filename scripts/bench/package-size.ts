import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Measure } from './measure';
import type { Workshop } from './workshop';

const ROUNDS = 9;
const LOAD = 1.1;
/** What the bundler exports: a module of plain JavaScript, since it runs before TypeScript is there. */
interface Bundler {
  readonly HANDLER_BUDGET: number;
  readonly KMS_S3_BUDGET: number;
  bundleHandlers(root: string, outdir: string): Promise<readonly { area: string; name: string; bytes: number; packages: readonly string[] }[]>;
}

const CLIENT = '@aws-sdk/client-';

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

/** How large each handler is: by the budget of the build, which is smaller for those with the clients of KMS and S3 alone. */
export async function bundles({ root, outdir }: Workshop): Promise<Measure[]> {
  const bundler = await import(pathToFileURL(path.join(root, 'scripts', 'bundle.mjs')).href) as Bundler;
  const handlers = await bundler.bundleHandlers(root, outdir());
  if (handlers.length === 0) throw new Error(`no handler under ${root}/lib`);
  return handlers.map(({ area, name, bytes, packages }) => {
    const clients = packages.filter((each) => each.startsWith(CLIENT)).map((each) => each.slice(CLIENT.length)).sort();
    const budget = clients.join() === 'kms,s3' ? bundler.KMS_S3_BUDGET : bundler.HANDLER_BUDGET;
    return {
      what: `KB of the handler ${area}/${name} (${clients.join(', ') || 'no client'})`,
      measured: `${(bytes / 1000).toFixed(0)} KB`, against: '-', value: bytes / 1000, budget: { atMost: budget / 1000 },
    };
  });
}
