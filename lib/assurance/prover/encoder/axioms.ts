import type { Predicate } from '../domain/predicate';
import { exactly, like } from '../domain/predicate';
import type { Estate, Principal } from '../estate/estate';
import type { Formula} from './formula';
import { and, implies, not, or, same } from './formula';
import { targetPredicates } from './decision';
import type { Request } from './statement';

/** What is taken for granted about requests, with the sentence that a report prints. */
export interface Axiom {
  readonly text: string;
  readonly formula: Formula;
}

/** Axioms about the keys that a query speaks of; keys that nothing speaks of need none. */
export function axioms(request: Request, estate: Estate): Axiom[] {
  const { query, principal } = request;
  const list: Axiom[] = [];
  const known = (name: string): ReturnType<typeof query.known> => (principal.keys.has(name) ? undefined : query.known(name));
  const vpce = known('aws:sourcevpce');
  const vpc = known('aws:sourcevpc');
  const ip = known('aws:sourceip');
  if (ip !== undefined && vpce !== undefined) {
    list.push({ text: 'a request has aws:SourceIp or aws:SourceVpce, not both', formula: not(and(ip.present(), vpce.present())) });
  }
  if (ip !== undefined && vpc !== undefined) {
    list.push({ text: 'a request has aws:SourceIp or aws:SourceVpc, not both', formula: not(and(ip.present(), vpc.present())) });
  }
  if (vpce !== undefined && vpc !== undefined) {
    list.push({ text: 'aws:SourceVpc is there exactly when aws:SourceVpce is', formula: same(vpce.present(), vpc.present()) });
  }
  for (const name of ['aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths']) {
    const owner = known(name);
    if (owner !== undefined && vpce !== undefined) {
      list.push({ text: `${owner.display} is there only when aws:SourceVpce is`, formula: implies(owner.present(), vpce.present()) });
    }
  }
  for (const endpoint of estate.endpoints) {
    if (vpce === undefined) break;
    const used = vpce.some([exactly(endpoint.endpointId)]);
    if (vpc !== undefined && endpoint.vpcId !== undefined) {
      list.push({ text: `endpoint ${endpoint.id} lies in its VPC`, formula: implies(used, vpc.some([exactly(endpoint.vpcId)])) });
    }
    if (endpoint.services !== undefined) {
      const served = request.actions.some(endpoint.services.map((s) => like(`${s}:*`, true)));
      list.push({ text: `endpoint ${endpoint.id} serves ${endpoint.services.join(', ')} only`, formula: implies(used, served) });
    }
  }
  list.push(...ownership(request, estate));
  return list;
}

/** The owner of a resource of the templates is known. */
function ownership(request: Request, estate: Estate): Axiom[] {
  const account = request.query.known('aws:resourceaccount');
  const organization = request.query.known('aws:resourceorgid');
  const list: Axiom[] = [];
  if (account === undefined && organization === undefined) return list;
  for (const target of estate.targets) {
    const hit = request.resource.some(targetPredicates(target));
    if (hit === false) continue;
    if (account !== undefined)
      list.push({
        text: "resources of the templates belong to their stack's account",
        formula: implies(hit, account.some([exactly(target.account)])),
      });
    if (organization !== undefined && estate.organizationId !== undefined) {
      const own = organization.some([exactly(estate.organizationId)]);
      list.push({ text: 'resources of the templates belong to the organisation', formula: implies(hit, own) });
    }
  }
  return list;
}

/** An unknown caller of an account has an ARN of that account. */
export function callerAxiom(request: Request, estate: Estate): Axiom[] {
  const { principal, query } = request;
  const variable = principal.keys.has('aws:principalarn') ? undefined : query.known('aws:principalarn');
  if (variable === undefined || principal.account === undefined) return [];
  // Roles and users of the templates are tried one by one, with the policies that they have.
  const known = arnsOf(estate.principals);
  return [
    ...(known.length === 0
      ? []
      : [{ text: 'an unknown caller is none of the roles and users of the templates, which are tried themselves', formula: not(variable.some(known)) }]),
    {
      text: `a caller of account ${principal.account} has an ARN of that account`,
      formula: and(variable.present(), or(variable.some(callersOf(principal.account)))),
    },
  ];
}

const arns = new WeakMap<readonly Principal[], readonly Predicate[]>();

function arnsOf(principals: readonly Principal[]): readonly Predicate[] {
  let known = arns.get(principals);
  if (known === undefined) {
    known = principals.flatMap((p) => (p.arn === undefined ? [] : [exactly(p.arn)]));
    arns.set(principals, known);
  }
  return known;
}

/** What callers of an account are called. */
function callersOf(account: string): Predicate[] {
  return ['aws', 'aws-cn', 'aws-us-gov'].flatMap((partition) =>
    ['root', 'role/?*', 'user/?*'].map((rest) => like(`arn:${partition}:iam::${account}:${rest}`)),
  );
}
