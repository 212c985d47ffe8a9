/**
 * Measures the library against its budgets, each in one run against what it is compared with: loading, handlers, synthesis against the same
 * written by hand, proofs, rules, and the proxy under load.
 *
 * `--json` prints JSON; `--write` writes `docs/benchmarks.md`; `--load-seconds N` is how long the proxy is under load (60); `--only WORD`
 * measures only the parts whose names contain it. It ends with 1 when a budget is missed, with 2 when something could not be measured.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import Table from 'cli-table3';
import { endpointSynthesis } from './bench/endpoint-synthesis';
import type { Measure } from './bench/measure';
import { HEAD, cells, isMissed } from './bench/measure';
import { hashingSpeed, walkSpeed } from './bench/model-times';
import { bundles, loading } from './bench/package-size';
import { page } from './bench/page';
import { estateProofs, referenceProofs } from './bench/proof-times';
import { proxyLoad } from './bench/proxy-load';
import { ruleTimes } from './bench/rule-times';
import { storeSynthesis } from './bench/store-synthesis';
import { Workshop } from './bench/workshop';

interface Options {
  readonly json: boolean;
  readonly write: boolean;
  readonly loadSeconds: number;
  readonly only: string;
}

type Part = (workshop: Workshop, options: Options) => Measure | Measure[] | Promise<Measure[]>;

const PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['loading', loading],
  ['handlers', bundles],
  ['store synthesis', storeSynthesis],
  ['endpoint synthesis', endpointSynthesis],
  ['proofs of an estate', estateProofs],
  ['proofs of the reference platform', referenceProofs],
  ['rules', ruleTimes],
  ['hashing', hashingSpeed],
  ['pickles', walkSpeed],
  ['proxy', (workshop, { loadSeconds }) => proxyLoad(workshop, loadSeconds)],
]);

function optionsOf(args: readonly string[]): Options {
  const options = { json: false, write: false, loadSeconds: 60, only: '' };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--json') options.json = true;
    else if (args[i] === '--write') options.write = true;
    else if (args[i] === '--load-seconds' && Number(args[i + 1]) > 0) options.loadSeconds = Number(args[++i]);
    else if (args[i] === '--only' && args[i + 1]) options.only = args[++i];
    else throw new Error(`unknown argument '${args[i]}': use --json, --write, --load-seconds N, --only WORD, or none`);
  }
  if (options.write && options.only !== '') throw new Error('--write needs every part: leave --only out');
  return options;
}

/** Says on the error stream what is measured: over one line on a terminal, a line for each part elsewhere. */
function announce(part: string, detail?: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K· ${detail ?? part} …`);
  else if (detail === undefined) process.stderr.write(`· ${part} …\n`);
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const parts = [...PARTS].filter(([name]) => name.includes(options.only));
  if (parts.length === 0) throw new Error(`no part is called '${options.only}': there are ${[...PARTS.keys()].join(', ')}`);
  const workshop = new Workshop((detail) => announce('', detail));
  const measures: Measure[] = [];
  try {
    for (const [name, part] of parts) {
      announce(name);
      measures.push(...[await part(workshop, options)].flat());
    }
  } finally {
    workshop.dispose();
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  }
  process.stdout.write(options.json ? `${JSON.stringify(measures, null, 2)}\n` : printed(measures));
  if (options.write) fs.writeFileSync(path.join(workshop.root, 'docs', 'benchmarks.md'), page(measures));
  if (measures.some(isMissed)) process.exitCode = 1;
}

function printed(measures: readonly Measure[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  for (const measure of measures) table.push(cells(measure));
  return `${table.toString()}\n`;
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 2;
});
