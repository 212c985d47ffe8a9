import * as fs from 'node:fs';
import * as path from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, { readonly Statement?: unknown[] } | undefined>>;
}

/** The resources of each template of an assembly, by the template's file. */
export function resourcesOf(outdir: string): ReadonlyMap<string, readonly Resource[]> {
  const files = fs.readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  return new Map(files.map((file) => {
    const { Resources } = JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8')) as { readonly Resources: Readonly<Record<string, Resource>> };
    return [file, Object.values(Resources)];
  }));
}

/** Resources and policy statements by type. */
export function contentOf(outdir: string): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  for (const { Type, Properties = {} } of [...resourcesOf(outdir).values()].flat()) {
    count(Type, 1);
    const statements = (Properties.PolicyDocument ?? Properties.KeyPolicy)?.Statement?.length;
    if (statements !== undefined) count(`${Type} statements`, statements);
  }
  return counts;
}

/** What is in one and not in the other, on one line. */
export function beyond(more: ReadonlyMap<string, number>, less: ReadonlyMap<string, number> = new Map()): string {
  const counts = [...more].map(([name, number]) => [name, number - (less.get(name) ?? 0)] as const);
  return JSON.stringify(counts.filter(([, number]) => number !== 0).sort(([x], [y]) => (x < y ? -1 : 1)));
}
