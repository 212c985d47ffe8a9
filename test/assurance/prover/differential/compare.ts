import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';
import type { Attack} from '../../../../lib/assurance/prover';
import { Prover } from '../../../../lib/assurance/prover';
import { isListKey, underResourceControl } from '../../../../lib/assurance/prover/iam-table';
import { evaluate } from '../../../../lib/assurance/prover/replay/evaluate';
import type { Case } from './random-cases';
import { ACCOUNT } from './random-cases';

/** What three independent readings of the same policies say to one request. */
export interface Comparison {
  readonly simulator: 'ALLOWED' | 'DENIED' | 'REJECTED';
  readonly replay: 'ALLOWED' | 'DENIED' | 'UNKNOWN';
  /** Whether the prover finds the request possible when everything about it is pinned. */
  readonly prover: 'POSSIBLE' | 'IMPOSSIBLE' | 'UNCLEAR';
  readonly error?: string;
}

export async function compare(c: Case): Promise<Comparison> {
  const { result, error } = await simulate(c);
  const context = new Map<string, string | readonly string[]>(Object.entries(c.context).map(([k, v]) => [k.toLowerCase(), v]));
  for (const [key, value] of c.principal.keys) if (value !== undefined) context.set(key, value);
  const replay = evaluate({ principal: c.principal, action: c.action, resource: c.resource, context, sessionName: 'session' }, c.estate, {
    listKey: isListKey,
    resourceControlled: underResourceControl,
  }).result;
  const proof = new Prover(c.estate).prove(pinned(c));
  const prover =
    proof.verdict === 'PROVED' || proof.verdict === 'PROVED_VACUOUSLY'
      ? 'IMPOSSIBLE'
      : proof.verdict === 'REFUTED'
        ? 'POSSIBLE'
        : 'UNCLEAR';
  return { simulator: result, replay, prover, ...(error ? { error } : {}) };
}

/** An attack that only this request can be. Each element of a list must be there: one test each, told apart by the case of the operator. */
export function pinned(c: Case): Attack {
  const where: Record<string, Record<string, string[]>> = {};
  const add = (operator: string, key: string, values: string[]): void => {
    where[operator] = { ...where[operator], [key]: values };
  };
  const all = [
    'aws:SecureTransport',
    'aws:SourceVpce',
    'aws:SourceIp',
    'aws:CurrentTime',
    'aws:CalledVia',
    'aws:ViaAWSService',
    'aws:PrincipalTag/team',
    'aws:RequestedRegion',
    'aws:MultiFactorAuthAge',
    'kms:ViaService',
    'kms:EncryptionContextKeys',
    'sts:ExternalId',
    'aws:SourceAccount',
    'aws:SourceArn',
  ];
  for (const key of all) {
    const value = c.context[key];
    if (value === undefined) add('Null', key, ['true']);
    else if (typeof value !== 'string') {
      add('ForAllValues:StringEquals', key, value);
      ['ForAnyValue', 'foranyvalue', 'FORANYVALUE'].forEach(
        (quantifier, i) => i < value.length && add(`${quantifier}:StringEquals`, key, [value[i]]),
      );
    } else if (key === 'aws:SourceIp') add('IpAddress', key, [value]);
    else if (key === 'aws:CurrentTime') add('DateEquals', key, [value]);
    else if (key === 'aws:MultiFactorAuthAge') add('NumericEquals', key, [value]);
    else if (value === 'true' || value === 'false') add('Bool', key, [value]);
    else add('StringEquals', key, [value]);
  }
  return {
    id: 'pinned',
    title: 'one request',
    action: [c.action],
    resource: [c.resource],
    where,
    legitimate: { action: [c.action], principals: { ids: [] } },
  };
}

async function simulate(c: Case): Promise<{ result: Comparison['simulator']; error?: string }> {
  const { documents, principal } = c;
  const session = principal.type === 'ROLE' ? `arn:aws:sts::${principal.account}:assumed-role/app/session` : principal.arn;
  const own: Record<string, string> = {};
  const spelled: Record<string, string> = {
    'aws:principalarn': 'aws:PrincipalArn',
    'aws:principalaccount': 'aws:PrincipalAccount',
    'aws:principalservicename': 'aws:PrincipalServiceName',
    'aws:principalisawsservice': 'aws:PrincipalIsAWSService',
  };
  for (const [key, value] of principal.keys) if (typeof value === 'string') own[spelled[key]] = value;
  const signed = principal.type === 'ROLE' || principal.type === 'USER';
  const outcome = await runSimulation(
    {
      request: {
        principal: principal.type === 'ANONYMOUS' ? anonymousPrincipal : principal.type === 'SERVICE' ? principal.id : (session as string),
        action: c.action,
        resource: { resource: c.resource, accountId: ACCOUNT },
        contextVariables: { ...c.context, ...own },
      },
      identityPolicies: documents.identity.map((policy, i) => ({ name: `identity${i}`, policy })),
      serviceControlPolicies: signed
        ? documents.serviceControl.map((policy, i) => ({ orgIdentifier: `ou${i}`, policies: [{ name: 'scp', policy }] }))
        : [],
      resourceControlPolicies: documents.resourceControl.map((policy, i) => ({
        orgIdentifier: `ou${i}`,
        policies: [{ name: 'rcp', policy }],
      })),
      ...(documents.resource ? { resourcePolicy: documents.resource } : {}),
      ...(documents.session ? { sessionPolicy: documents.session } : {}),
      ...(documents.boundary ? { permissionBoundaryPolicies: [{ name: 'boundary', policy: documents.boundary }] } : {}),
      ...(documents.endpoint ? { vpcEndpointPolicies: [{ name: 'endpoint', policy: documents.endpoint }] } : {}),
    },
    {},
  );
  if (outcome.resultType === 'error') return { result: 'REJECTED', error: JSON.stringify(outcome.errors).slice(0, 300) };
  return { result: outcome.overallResult === 'Allowed' ? 'ALLOWED' : 'DENIED' };
}
