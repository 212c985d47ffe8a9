import { createHash } from 'node:crypto';
import { JsonShape } from '../signing/json-shape';
import { quoted, SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import { GateError } from './gate-error';
import { numberBetween, optionalNumber } from './number-field';

export const GATE_POLICY_SCHEMA = 'cdk-secure-ai/gate-policy/v1';

/** One demand on a metric. */
export interface MetricRequirement {
  readonly metric: string;
  /** The value may not be below. */
  readonly min?: number;
  /** The value may not be above. */
  readonly max?: number;
  /** What is compared: the end of the confidence interval that is nearer to the limit, or the value alone. */
  readonly compare: 'interval' | 'value';
  /** The groups that must each satisfy it; `every` group that was measured, at least one; or none: the metric over all data. */
  readonly groups: readonly string[] | 'every' | 'none';
  /** Fewest records behind the number. */
  readonly minSamples?: number;
  /** The suite that must have measured it. @default - any */
  readonly suite?: string;
}

/** What a model must satisfy before a person is asked. */
export interface GatePolicy {
  readonly name: string;
  /** Who may have built a model: the ids of trusted control planes. */
  readonly builders: readonly string[];
  /** How old a result may be. Unit: days. */
  readonly maxAgeDays: number;
  /** The least confidence of an interval. */
  readonly confidence: number;
  readonly requirements: readonly MetricRequirement[];
  /** SHA-256 of the very bytes of the policy. */
  readonly sha256: string;
}

/**
 * Reads a policy. A field that is not known is refused: it could have been meant to forbid something.
 *
 * @throws GateError POLICY_INVALID
 */
export function parseGatePolicy(document: Uint8Array): GatePolicy {
  try {
    const shape = JsonShape.of(parseStrictJson(document), 'policy');
    shape.only('schema', 'name', 'builders', 'maxAgeDays', 'confidence', 'requirements');
    if (shape.string('schema') !== GATE_POLICY_SCHEMA) throw new SigningError('FIELD_INVALID', `schema must be ${GATE_POLICY_SCHEMA}`);
    const builders = shape.strings('builders');
    if (builders.length === 0) throw new SigningError('FIELD_INVALID', 'policy.builders is empty: no model could pass');
    const requirements = shape.objects('requirements').map(readRequirement);
    if (requirements.length === 0) throw new SigningError('FIELD_INVALID', 'policy.requirements is empty: every model would pass');
    return {
      name: shape.string('name'),
      builders,
      maxAgeDays: numberBetween(optionalNumber(shape, 'maxAgeDays', 'policy'), 'policy.maxAgeDays', 0.001, 3650),
      confidence: numberBetween(optionalNumber(shape, 'confidence', 'policy') ?? 0.95, 'policy.confidence', 0.5, 1),
      requirements,
      sha256: createHash('sha256').update(document).digest('hex'),
    };
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new GateError('POLICY_INVALID', cause.message, { cause });
  }
}

function readRequirement(shape: JsonShape): MetricRequirement {
  shape.only('metric', 'min', 'max', 'compare', 'groups', 'minSamples', 'suite');
  const metric = shape.string('metric');
  const [min, max] = [optionalNumber(shape, 'min', 'requirement'), optionalNumber(shape, 'max', 'requirement')];
  if (min === undefined && max === undefined) throw new SigningError('FIELD_MISSING', `requirement of ${quoted(metric)} has neither min nor max`);
  if (min !== undefined && max !== undefined && min > max) {
    throw new SigningError('FIELD_INVALID', `requirement of ${quoted(metric)} has min ${min} above max ${max}: no model could pass`);
  }
  const compare = shape.optionalString('compare') ?? 'interval';
  if (compare !== 'interval' && compare !== 'value') {
    throw new SigningError('FIELD_INVALID', `compare is ${quoted(compare)}; it must be interval or value`);
  }
  const suite = shape.optionalString('suite');
  return {
    metric,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    compare,
    groups: readGroups(shape),
    ...(shape.has('minSamples') ? { minSamples: shape.positiveInteger('minSamples') } : {}),
    ...(suite === undefined ? {} : { suite }),
  };
}

function readGroups(shape: JsonShape): MetricRequirement['groups'] {
  if (!shape.has('groups')) return 'none';
  if (shape.get('groups') === 'every') return 'every';
  const groups = shape.strings('groups');
  if (groups.length === 0) throw new SigningError('FIELD_INVALID', 'groups is empty; leave it out for the metric over all data');
  return groups;
}
