import type { RawObject} from './raw';
import { isRawObject, ownEntry } from './raw';
import type { Value } from './value';
import { Unknown } from './value';

/** What a parameter is worth, and the assumption that this rests on. */
export interface ParameterValue {
  readonly value: Value;
  /** Set when a default was taken for the value. */
  readonly assumption?: string;
}

/** Evaluates a parameter from a value given for the deployment, its only allowed value, or its default. */
export function parameterValue(name: string, raw: RawObject, given: Value | undefined, assumeDefaults: boolean): ParameterValue {
  const type = String(ownEntry(raw, 'Type') ?? 'String');
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  const typed = (text: string): Value => (isList ? text.split(',').map((t) => t.trim()) : text);
  if (given !== undefined) return { value: typeof given === 'string' ? typed(given) : given };

  if (type.startsWith('AWS::SSM::Parameter::')) {
    return { value: new Unknown('PARAMETER', `parameter '${name}' is read from the parameter store at deploy time`) };
  }
  const allowed = ownEntry(raw, 'AllowedValues');
  const candidates = Array.isArray(allowed) ? allowed.filter((a) => !isRawObject(a)).map((a) => typed(String(a))) : undefined;
  if (candidates?.length === 1) return { value: candidates[0] };

  const preset = ownEntry(raw, 'Default');
  const secret = String(ownEntry(raw, 'NoEcho') ?? 'false') === 'true';
  if (assumeDefaults && !secret && (typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean')) {
    return { value: typed(String(preset)), assumption: `parameter '${name}' keeps its default '${String(preset)}'` };
  }
  const value = secret
    ? new Unknown('HIDDEN_PARAMETER', `parameter '${name}' is secret`, undefined, candidates)
    : new Unknown('PARAMETER', `parameter '${name}' is given at deploy time`, undefined, candidates);
  return { value };
}
