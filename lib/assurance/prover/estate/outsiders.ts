import type { EstateOptions } from './build';
import type { Principal } from './estate';
import type { GroundPolicy} from './ground';
import { plainText } from './ground';

/** Accounts that stand for all others, in this order: a member of the organisation, and two strangers. */
const STAND_INS = ['222222222222', '999999999999', '888888888888'];
const OTHER_ORGANIZATION = 'o-stranger00';

/**
 * Callers that the templates do not hold: unknown administrators, other accounts, nobody, services, and federated
 * identities that a policy names.
 */
export function outsiders(accounts: readonly string[], options: EstateOptions, policies: readonly GroundPolicy[]): Principal[] {
  const { organizationId } = options;
  const named = namedPrincipals(policies);
  // An account of our own, or one that a policy names, stands for nobody else.
  const used = [...accounts, ...named.accounts];
  const spare = used.map((_account, i) => String(700_000_000_000 + i));
  const [member, stranger, loner] = [...STAND_INS, ...spare].filter((account) => !used.includes(account));
  return [
    ...accounts.map((account) => caller(`an administrator of ${account}`, 'ACCOUNT_ADMIN', account, organizationId)),
    ...(organizationId === undefined
      ? []
      : [caller(`an account of the organisation (${member})`, 'FOREIGN', member, organizationId)]),
    caller(`another organisation (${stranger})`, 'FOREIGN', stranger, OTHER_ORGANIZATION),
    caller(`an account without organisation (${loner})`, 'FOREIGN', loner, undefined),
    ...named.accounts.filter((a) => !accounts.includes(a)).map(namedAccount),
    anonymous(),
    ...[...named.services, 'other.amazonaws.com'].map(service),
    ...named.federated.map(federated),
  ];
}

function caller(id: string, type: 'ACCOUNT_ADMIN' | 'FOREIGN', account: string, organization: string | undefined): Principal {
  return {
    id,
    type,
    account,
    externalPolicies: [],
    keys: new Map<string, string | undefined>([
      ['aws:principalaccount', account],
      // Without an organisation of our own to compare with, an own administrator's organisation is left open.
      ...(type === 'ACCOUNT_ADMIN' && organization === undefined ? [] : [['aws:principalorgid', organization] as const]),
      ...(organization === undefined && type === 'FOREIGN' ? [['aws:principalorgpaths', undefined] as const] : []),
      ['aws:principalisawsservice', 'false'],
      ['aws:principalservicename', undefined],
      ['aws:principalservicenameslist', undefined],
      ['aws:sourceaccount', undefined],
      ['aws:sourcearn', undefined],
      ['aws:sourceorgid', undefined],
      ['aws:sourceorgpaths', undefined],
    ]),
  };
}

/** An account that a policy names may be in any organisation. */
function namedAccount(account: string): Principal {
  const { keys, ...rest } = caller(`account ${account}`, 'FOREIGN', account, OTHER_ORGANIZATION);
  return { ...rest, keys: new Map([...keys].filter(([key]) => key !== 'aws:principalorgid')) };
}

const NOT_SIGNED = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:userid',
  'aws:username',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
  'aws:tokenissuetime',
  'aws:sourceidentity',
];

function anonymous(): Principal {
  return {
    id: 'anonymous',
    type: 'ANONYMOUS',
    externalPolicies: [],
    keys: new Map<string, string | undefined>([
      ...NOT_SIGNED.map((key) => [key, undefined] as const),
      ['aws:principaltype', 'Anonymous'],
      ['aws:principalisawsservice', 'false'],
    ]),
  };
}

function service(name: string): Principal {
  return {
    id: name,
    type: 'SERVICE',
    externalPolicies: [],
    keys: new Map<string, string | readonly string[] | undefined>([
      ['aws:principalisawsservice', 'true'],
      ['aws:principalservicename', name],
      ['aws:principalservicenameslist', [name]],
      ['aws:principalarn', undefined],
      ['aws:principalaccount', undefined],
      ['aws:principalorgid', undefined],
      ['aws:principalorgpaths', undefined],
      ['aws:sourcevpce', undefined],
      ['aws:sourcevpc', undefined],
    ]),
  };
}

function federated(name: string): Principal {
  return {
    id: name,
    type: 'FEDERATED',
    externalPolicies: [],
    keys: new Map<string, string | undefined>([
      ['aws:principalarn', undefined],
      ['aws:principalaccount', undefined],
      ['aws:principalorgid', undefined],
      ['aws:principalisawsservice', 'false'],
    ]),
  };
}

function namedPrincipals(policies: readonly GroundPolicy[]): { services: string[]; federated: string[]; accounts: string[] } {
  const [services, identities, accounts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const policy of policies) {
    for (const s of policy.statements) {
      for (const p of s.principals?.principals ?? []) {
        const text = plainText(p);
        if (text === undefined) continue;
        if (p.kind === 'Service') services.add(text);
        if (p.kind === 'Federated') identities.add(text);
        const account = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(text)?.[1];
        if (p.kind === 'AWS' && account !== undefined) accounts.add(account);
      }
    }
  }
  return { services: [...services].sort(), federated: [...identities].sort(), accounts: [...accounts].sort() };
}
