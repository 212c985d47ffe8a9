import type { Dict, Value } from '../../template';
import { isDict, listOf } from '../../template';

/** Names of the states that may run before a state: those from which a way leads to it, through choices, errors and nested machines. */
export function statesBefore(machine: Dict, name: string): string[] {
  const before = new Map<string, Set<string>>();
  link(machine, [], before);
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const earlier of before.get(next) ?? []) {
      if (found.has(earlier)) continue;
      found.add(earlier);
      open.push(earlier);
    }
  }
  found.delete(name);
  return [...found];
}

/** Adds the ways of a machine; gives the names of all its states. */
function link(machine: Dict, entrances: readonly string[], before: Map<string, Set<string>>): string[] {
  const add = (to: Value | undefined, from: string): void => {
    if (typeof to !== 'string') return;
    const known = before.get(to);
    if (known === undefined) before.set(to, new Set([from]));
    else known.add(from);
  };
  const names: string[] = [];
  entrances.forEach((entrance) => add(machine.StartAt, entrance));
  for (const [name, state] of Object.entries(isDict(machine.States) ? machine.States : {})) {
    if (!isDict(state)) continue;
    names.push(name);
    const nested = [...listOf(state.Branches), state.Iterator, state.ItemProcessor].filter(isDict);
    // What runs inside a state is over before the next one starts.
    const inside = nested.flatMap((child) => link(child, [name], before));
    const targets = [state.Next, state.Default, ...[state.Choices, state.Catch].flatMap((list) => listOf(list).map(nextOf))];
    for (const target of targets) [name, ...inside].forEach((from) => add(target, from));
    names.push(...inside);
  }
  return names;
}

function nextOf(choice: Value): Value | undefined {
  return isDict(choice) ? choice.Next : undefined;
}
