import type { Dict, Resource, Value } from '../../template';
import { embeddedJson, isDict, isList, textParts } from '../../template';

/** One state of a state machine, with those that may come before it. */
export interface MachineState {
  readonly name: string;
  readonly state: Dict;
  /** Names of the states that may have run before it, in its own branch and in those around it. */
  readonly before: () => readonly string[];
}

/** The states of a state machine, those of branches included; undefined when the definition cannot be read. */
export function machineStates(machine: Resource): MachineState[] | undefined {
  const definition = embeddedJson(machine.at('DefinitionString') ?? machine.at('Definition'));
  return isDict(definition) ? statesOf(definition, () => []) : undefined;
}

/** The call of a state in lower case, such as `bedrock:createmodelimportjob`; undefined for states that call nothing. */
export function calledBy({ state }: MachineState): string | undefined {
  const resource = textParts(state.Resource)?.join('') ?? '';
  return /states:::(?:aws-sdk:)?([a-z0-9]+:[a-zA-Z]+)/.exec(resource)?.[1].toLowerCase();
}

/** A parameter of the call of a state, in either query language. */
export function parameterOf({ state }: MachineState, name: string): Value | undefined {
  const given = state.Parameters ?? state.Arguments;
  if (!isDict(given)) return given;
  return given[name] ?? given[`${name}.$`];
}

function statesOf(machine: Dict, outer: () => readonly string[]): MachineState[] {
  const { States: states } = machine;
  if (!isDict(states)) return [];
  const sources = sourcesOf(states);
  return Object.entries(states).flatMap(([name, state]) => {
    if (!isDict(state)) return [];
    const before = (): readonly string[] => [...outer(), ...reachedBackwards(sources, name)];
    const inner = [...(isList(state.Branches) ? state.Branches : []), state.ItemProcessor, state.Iterator].filter(isDict);
    return [{ name, state, before }, ...inner.flatMap((branch) => statesOf(branch, before))];
  });
}

/** For each state the states that lead to it. */
function sourcesOf(states: Dict): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const [name, state] of Object.entries(states)) {
    for (const to of successors(state)) {
      const known = sources.get(to);
      if (known === undefined) sources.set(to, [name]);
      else known.push(name);
    }
  }
  return sources;
}

function reachedBackwards(sources: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const source of sources.get(name) ?? []) {
      if (reached.has(source)) continue;
      reached.add(source);
      open.push(source);
    }
  }
  return reached;
}

function successors(state: Value): string[] {
  if (!isDict(state)) return [];
  const listed = [...(isList(state.Choices) ? state.Choices : []), ...(isList(state.Catch) ? state.Catch : [])].filter(isDict);
  return [state.Next, state.Default, ...listed.map(({ Next }) => Next)].filter((name) => typeof name === 'string');
}
