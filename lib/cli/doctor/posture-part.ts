import { posturesOf } from '../../assurance/evidence/weaker-choices';
import { Unknown, type Stack } from '../../assurance/template';
import type { JudgedPlace } from '../template-place';
import { observation, type Observation } from './observation';

/** What the assembly says of itself: places, and whether the postures allow them. */
export function posturePart({ model, metadata, paths }: JudgedPlace): Observation[] {
  const postures = posturesOf(metadata);
  const stacks = model.stacks.filter(({ parent }) => parent === undefined);
  const observations: Observation[] = [
    observation('templates', 'OK', `${paths.join(', ')}: ${counted(stacks.length, 'stack')}, ${counted(model.resources.length, 'resource')}`),
  ];
  if (postures.length === 0) {
    observations.push(observation('posture', 'WARN', 'no stack was held to a security posture', 'constructs of the library record one; templates of others have none'));
  }
  for (const { at, data } of postures) {
    const stack = stacks.find(({ id }) => id === at);
    const allowed = Array.isArray(data.allowedRegions) ? data.allowedRegions.map(String) : [];
    if (stack !== undefined) observations.push(regionObservation(stack, String(data.profile), allowed));
  }
  for (const { id, account, region } of stacks) {
    if (account instanceof Unknown || region instanceof Unknown) {
      observations.push(observation('place', 'WARN', `${id} has no fixed account and region: it goes wherever the deploying session is`, 'give the stack an env'));
    }
  }
  return observations;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function regionObservation({ id, region }: Stack, profile: string, allowed: readonly string[]): Observation {
  if (allowed.length === 0) return observation('posture.region', 'OK', `${id}: ${profile}, any region`);
  if (region instanceof Unknown) return observation('posture.region', 'WARN', `${id}: ${profile} allows ${allowed.join(', ')}, and the stack names no region`);
  const holds = allowed.includes(region);
  return observation('posture.region', holds ? 'OK' : 'FAIL', `${id}: ${profile}, ${region} is ${holds ? 'allowed' : `not among ${allowed.join(', ')}`}`);
}
