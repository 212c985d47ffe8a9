import type { RequestPatternProps } from 'cdk-secure-ai/testing';
import type { ProvenAssembly } from './proven-assembly';

export interface Impossible {
  readonly assembly: ProvenAssembly;
  /** What must stay possible, by name: without it "impossible" would say nothing. */
  readonly legitimate: Readonly<Record<string, RequestPatternProps>>;
  /** What no request may do, by name. */
  readonly attacks: Readonly<Record<string, RequestPatternProps>>;
  /** Ids of the statements that stand in the way. With several, each must hold alone. */
  readonly protections: readonly string[];
}

/**
 * Proves an attack impossible, for every request there is: the legitimate use is possible, no request of the attack is, one is as soon as the
 * protections are gone (so it was they that held), and, when there are several, none is while any one of them is left.
 */
export function expectImpossible({ assembly, legitimate, attacks, protections }: Impossible): void {
  if (protections.length === 0 || Object.keys(attacks).length === 0) throw new Error('name at least one attack and one protection');
  for (const [name, request] of Object.entries(legitimate)) said(`${name} should be possible`, () => assembly.proofs.expectSomeRequest(request));
  const open = assembly.without(protections);
  const alone = protections.length < 2 ? [] : protections.map((left) => [left, assembly.without(protections.filter((one) => one !== left))] as const);
  for (const [name, attack] of Object.entries(attacks)) {
    said(`'${name}' should be impossible`, () => assembly.proofs.expectNoRequest(attack));
    said(`'${name}' should be possible without ${protections.join(' and ')}: something else stands in its way`, () => open.proofs.expectSomeRequest(attack));
    for (const [left, weaker] of alone) said(`'${name}' should be impossible with ${left} alone`, () => weaker.proofs.expectNoRequest(attack));
  }
}

function said(claim: string, work: () => unknown): void {
  try {
    work();
  } catch (cause) {
    throw new Error(`${claim}\n${(cause as Error).message}`, { cause });
  }
}
