import { type Mutation, describeMutation } from './mutations';
import type { Decision, IamWorld, Request } from './world';

export interface Guarded {
  readonly world: IamWorld;
  /** The legitimate request, which must pass: without it, "denied" would prove nothing. */
  readonly allowed: Request | Readonly<Record<string, Request>>;
  /** The attacks, by name. */
  readonly denied: Readonly<Record<string, Request>>;
  /** What denies the attacks. With several, each must hold alone. */
  readonly protections: readonly (string | Mutation)[];
}

/**
 * Attacks a protection: the good request passes, each bad one is denied, each bad one passes once the protections are gone
 * (so it was they that denied it), and, when there are several, each bad one is still denied without any single one of them.
 */
export async function expectGuarded({ world, allowed, denied, protections }: Guarded): Promise<void> {
  const mutations = protections.map((protection) => (typeof protection === 'string' ? { sid: protection } : protection));
  if (mutations.length === 0 || Object.keys(denied).length === 0) throw new Error('name at least one denied request and one protection');
  const good = isRequest(allowed) ? { 'the legitimate request': allowed } : allowed;
  const unprotected = mutations.reduce((current, mutation) => current.without(mutation), world);
  const layers = mutations.length < 2 ? [] : mutations.map((mutation) => ({ mutation, left: world.without(mutation) }));

  for (const [name, request] of Object.entries(good)) await expectDecision(world, request, true, `${name} should be allowed`);
  for (const [name, request] of Object.entries(denied)) {
    await expectDecision(world, request, false, `'${name}' should be denied`);
    await expectDecision(
      unprotected,
      request,
      true,
      `'${name}' should pass without ${mutations.map(describeMutation).join(' and ')}: something else denies it`,
    );
    for (const { mutation, left } of layers) {
      await expectDecision(
        left,
        request,
        false,
        `'${name}' should still be denied without ${describeMutation(mutation)} alone: no other layer holds`,
      );
    }
  }
}

async function expectDecision(world: IamWorld, request: Request, allowed: boolean, claim: string): Promise<void> {
  const decision = await world.request(request);
  if ((decision.decision === 'allowed') !== allowed) throw new Error(`${claim}\n${describeDecision(decision)}`);
}

/** A decision for people: the request, the decision, the statements that made it. */
export function describeDecision(decision: Decision): string {
  const { principal, action, resource, context } = decision.request;
  const list = (values: readonly string[] | undefined): string => (values === undefined || values.length === 0 ? '-' : values.join(', '));
  return [
    `  ${principal}`,
    `  ${action} on ${resource}`,
    ...Object.entries(context).map(([key, value]) => `    ${key} = ${JSON.stringify(value)}`),
    `  => ${decision.decision}`,
    `     denied by: ${list(decision.deniedBy)}; blocked by: ${list(decision.blockedBy)}; allowed by: ${list(decision.allowedBy)}`,
  ].join('\n');
}

function isRequest(value: Guarded['allowed']): value is Request {
  return typeof (value as Request).action === 'string' && 'principal' in value;
}
