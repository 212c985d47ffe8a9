import type { Dict, Resource, Value } from '../../template';
import { Text, Unknown, embeddedJson, isDict, isList, joinParts, listOf, textParts } from '../../template';
import { RunTimeChoice } from './run-time-choice';
import type { Definition, Step } from './step';

/** The definition of a state machine with the whole of its states. */
export interface StateMachineDefinition extends Definition {
  readonly machine?: Dict;
}

const known = new WeakMap<Resource, StateMachineDefinition>();

/** The tasks of a state machine that call a service, those inside Map and Parallel states as well. */
export function stateMachineDefinition(resource: Resource): StateMachineDefinition {
  let found = known.get(resource);
  if (found === undefined) {
    found = readDefinition(resource);
    known.set(resource, found);
  }
  return found;
}

function readDefinition(resource: Resource): StateMachineDefinition {
  const property = resource.at('Definition') === undefined ? 'DefinitionString' : 'Definition';
  const raw = resource.at(property);
  if (raw === undefined) return { steps: [], unreadable: 'the definition is a file outside of the template' };
  const substitutions = resource.at('DefinitionSubstitutions');
  const machine = embeddedJson(substituted(raw, isDict(substitutions) ? substitutions : undefined));
  if (!isDict(machine)) {
    return { steps: [], unreadable: machine instanceof Unknown ? machine.reason : 'the definition is not JSON before deployment' };
  }
  const steps: Step[] = [];
  collect(machine, property, machine.QueryLanguage === 'JSONata', steps);
  return { steps, machine };
}

function collect(machine: Dict, property: string, jsonata: boolean, steps: Step[]): void {
  if (!isDict(machine.States)) return;
  for (const [name, state] of Object.entries(machine.States)) {
    if (!isDict(state)) continue;
    const ownJsonata = typeof state.QueryLanguage === 'string' ? state.QueryLanguage === 'JSONata' : jsonata;
    const action = calledBy(state.Resource);
    if (action !== undefined) {
      const sent = ownJsonata ? state.Arguments : state.Parameters;
      const request = sent === undefined ? new Unknown('FUNCTION', `'${name}' sends its input`) : atRunTime(sent);
      steps.push({ name, path: `${property}#${name}`, action, request });
    }
    for (const nested of [...listOf(state.Branches), state.Iterator, state.ItemProcessor]) {
      if (isDict(nested)) collect(nested, property, ownJsonata, steps);
    }
  }
}

/** `sagemaker:createTrainingJob` of `arn:aws:states:::aws-sdk:sagemaker:createTrainingJob.sync`. */
function calledBy(resource: Value | undefined): string | undefined {
  const text = textParts(resource)?.join('') ?? '';
  const called = /:states:[^:]*:[^:]*:(?:aws-sdk:)?([A-Za-z0-9-]+):([A-Za-z0-9]+)/.exec(text);
  return called === null ? undefined : `${called[1]}:${called[2]}`;
}

/** Keys that end in `.$` and texts in `{% %}` are evaluated when the machine runs. */
function atRunTime(value: Value): Value {
  if (isList(value)) return value.map(atRunTime);
  if (typeof value === 'string') return /^\s*\{%/.test(value) ? new RunTimeChoice('an expression of the state machine') : value;
  if (!isDict(value)) return value;
  const dict = Object.create(null) as Record<string, Value>;
  for (const [key, item] of Object.entries(value)) {
    if (key.endsWith('.$')) dict[key.slice(0, -2)] = new RunTimeChoice(`'${key}' is chosen when the state machine runs`);
    else dict[key] = atRunTime(item);
  }
  return dict;
}

function substituted(value: Value, substitutions: Dict | undefined): Value {
  if (substitutions === undefined) return value;
  if (isList(value)) return value.map((item) => substituted(item, substitutions));
  if (isDict(value)) {
    const dict = Object.create(null) as Record<string, Value>;
    for (const [key, item] of Object.entries(value)) dict[key] = substituted(item, substitutions);
    return dict;
  }
  if (typeof value !== 'string' && !(value instanceof Text)) return value;
  const parts = (textParts(value) ?? []).flatMap((part) => (typeof part === 'string' ? filledIn(part, substitutions) : [part]));
  return joinParts(parts);
}

function filledIn(text: string, substitutions: Dict): (string | Unknown)[] {
  return text.split(/(\$\{[^{}]{1,255}\})/).flatMap((piece): readonly (string | Unknown)[] => {
    const name = /^\$\{([^{}]+)\}$/.exec(piece)?.[1].trim();
    const value = name === undefined ? undefined : substitutions[name];
    if (value === undefined) return [piece];
    return textParts(value) ?? [new Unknown('FUNCTION', `'${name}' is filled in at deploy time`)];
  });
}
