import * as fs from 'node:fs';
import * as path from 'node:path';

interface Resource {
  readonly DependsOn?: string | string[];
}

/** One stack of an assembly: what it makes, and which stacks must be there before. */
interface Stack {
  readonly id: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly exports: readonly string[];
  readonly imports: readonly string[];
  readonly dependsOn: readonly string[];
}

/** An edge leads from what waits to what it waits for. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** The stacks in an order in which CloudFormation can create them: each after those whose exports it imports. */
export function deploymentOrder(directory: string): string[] {
  const stacks = stacksOf(directory);
  const graph = stackGraph(stacks);
  const done: string[] = [];
  for (let left = stacks.map(({ id }) => id); left.length > 0;) {
    const ready = left.filter((id) => (graph.get(id) ?? []).every((other) => done.includes(other)));
    if (ready.length === 0) return done;
    done.push(...ready);
    left = left.filter((id) => !ready.includes(id));
  }
  return done;
}

/** Resources of one stack that wait for themselves: CloudFormation refuses such a template. */
export function resourceCycles(directory: string): string[] {
  return stacksOf(directory).flatMap(({ id, resources }) => {
    const graph = new Map(Object.entries(resources).map(([name, resource]) =>
      [name, referencesOf(resource).filter((other) => Object.hasOwn(resources, other) && other !== name)]));
    return cyclesOf(graph).map((cycle) => `${id}: ${cycle}`);
  });
}

/** Stacks that import from each other: neither can be created first, and neither removed first. */
export function exportCycles(directory: string): string[] {
  return cyclesOf(stackGraph(stacksOf(directory)));
}

/**
 * What keeps stacks from being removed in the reverse of the order in which they are created: an export that a stack imports which is
 * removed later, or of which the assembly does not know who makes it.
 */
export function unremovable(directory: string): string[] {
  const stacks = stacksOf(directory);
  const removal = deploymentOrder(directory).reverse();
  return stacks.flatMap(({ id, imports }) => imports.flatMap((name) => {
    const maker = stacks.find((other) => other.exports.includes(name));
    if (maker === undefined) return [`${id} imports ${name}, which nobody exports`];
    return removal.indexOf(id) < removal.indexOf(maker.id) ? [] : [`${id} imports ${name} of ${maker.id}, which is removed before`];
  }));
}

/**
 * What CloudFormation would refuse when one assembly is deployed over another, stack by stack, and then the stacks are removed that the new
 * one does not have: an export that goes while a stack that is there imports it, or an import of what is not there yet.
 *
 * @param first stacks by a part of their id that are deployed alone before all others, or removed where the new assembly has none
 */
export function refusedUpdates(before: string, after: string, first: readonly string[] = []): string[] {
  const live = new Map(stacksOf(before).map((stack) => [stack.id, stack]));
  const next = new Map(stacksOf(after).map((stack) => [stack.id, stack]));
  const refused: string[] = [];
  const replace = (id: string, stack: Stack | undefined) => {
    const gone = (live.get(id)?.exports ?? []).filter((name) => !stack?.exports.includes(name));
    live.delete(id);
    for (const [user, { imports }] of live) {
      for (const name of imports.filter((one) => gone.includes(one))) refused.push(`${id} takes ${name} away, which ${user} imports`);
    }
    for (const name of stack?.imports ?? []) {
      if (![...live.values()].some(({ exports }) => exports.includes(name))) refused.push(`${id} imports ${name}, which is not there`);
    }
    if (stack) live.set(id, stack);
  };
  for (const part of first) for (const id of [...live.keys()].filter((one) => one.includes(part))) replace(id, next.get(id));
  for (const id of deploymentOrder(after)) replace(id, next.get(id));
  for (const id of deploymentOrder(before).reverse()) if (!next.has(id)) replace(id, undefined);
  return refused;
}

function stackGraph(stacks: readonly Stack[]): Graph {
  return new Map(stacks.map(({ id, imports, dependsOn }) => {
    const makers = imports.flatMap((name) => stacks.filter((other) => other.exports.includes(name)).map((other) => other.id));
    return [id, [...new Set([...makers, ...dependsOn])]];
  }));
}

function cyclesOf(graph: Graph): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, above: readonly string[]): void => {
    if (above.includes(node)) {
      cycles.push([...above.slice(above.indexOf(node)), node].join(' -> '));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...above, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}

/** Logical ids that a resource waits for: by reference, attribute, substitution, or because it says so. */
function referencesOf(resource: Resource): string[] {
  const found = new Set<string>(typeof resource.DependsOn === 'string' ? [resource.DependsOn] : resource.DependsOn ?? []);
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as Record<string, unknown>;
    if (typeof ref === 'string') found.add(ref);
    if (Array.isArray(attribute) && typeof attribute[0] === 'string') found.add(attribute[0]);
    const template: unknown = Array.isArray(text) ? text[0] : text;
    if (typeof template === 'string') for (const [, name] of template.matchAll(/\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}/g)) found.add(name);
    Object.values(value).forEach(walk);
  };
  walk(resource);
  return [...found];
}

function importsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as Record<string, unknown>)['Fn::ImportValue'];
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(value).flatMap(importsOf)];
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: string[];
  readonly properties?: { readonly templateFile?: string; readonly directoryName?: string };
}

/** The stacks of an assembly and of the stages in it. Stages stand apart: no stack of one imports from another. */
function stacksOf(directory: string): Stack[] {
  const { artifacts } = JSON.parse(fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8')) as { artifacts: Record<string, Artifact> };
  const isStack = (id: string) => artifacts[id]?.type === 'aws:cloudformation:stack';
  return Object.entries(artifacts).flatMap(([id, { type, properties, dependencies }]): Stack[] => {
    if (type === 'cdk:cloud-assembly') return stacksOf(path.join(directory, properties!.directoryName!));
    if (!isStack(id)) return [];
    const template = JSON.parse(fs.readFileSync(path.join(directory, properties!.templateFile!), 'utf8')) as {
      Resources?: Record<string, Resource>; Outputs?: Record<string, { Export?: { Name?: unknown } }>;
    };
    const exports = Object.values(template.Outputs ?? {}).map(({ Export }) => Export?.Name).filter((name): name is string => typeof name === 'string');
    return [{ id, resources: template.Resources ?? {}, exports, imports: [...new Set(importsOf(template))], dependsOn: (dependencies ?? []).filter(isStack) }];
  });
}
