import type { Estate, Principal, Target } from '../../../../lib/assurance/prover';
import type { GroundPolicy} from '../../../../lib/assurance/prover/estate/ground';
import { groundRawPolicy } from '../../../../lib/assurance/prover/estate/ground';

/** A well-mixed generator of 32 bits: the same seed gives the same cases. */
export class Random {
  constructor(private state: number) {}

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)];
  }
}

export const ACCOUNT = '111111111111';
const FOREIGN = '999999999999';

export type Scenario = 'S3' | 'KMS' | 'TRUST' | 'ANONYMOUS' | 'SERVICE';

type Json = Record<string, unknown>;

/** A request with the policies that decide it, in the form of the prover and as plain documents for the other simulator. */
export interface Case {
  readonly scenario: Scenario;
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Keys as written. */
  readonly context: Readonly<Record<string, string | string[]>>;
  readonly documents: {
    readonly identity: Json[];
    readonly boundary?: Json;
    readonly session?: Json;
    readonly serviceControl: Json[];
    readonly resourceControl: Json[];
    readonly resource?: Json;
    readonly endpoint?: Json;
  };
  readonly estate: Estate;
}

interface KeyTraits {
  readonly key: string;
  readonly values: readonly string[];
  readonly operators: readonly string[];
  readonly constants: readonly string[];
  readonly list?: boolean;
  /** Share of requests that have it. */
  readonly present: number;
}

const STRINGS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIfExists',
  'StringNotEqualsIfExists',
  'StringLikeIfExists',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'Null',
];
const NUMBERS = [
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'NumericLessThanIfExists',
];
const DATES = ['DateLessThan', 'DateGreaterThan', 'DateEquals', 'DateNotEquals', 'DateLessThanEquals', 'DateGreaterThanEquals'];
const SETS = [
  'ForAllValues:StringEquals',
  'ForAnyValue:StringEquals',
  'ForAllValues:StringLike',
  'ForAnyValue:StringLike',
  'ForAnyValue:StringNotEquals',
  'ForAllValues:StringNotEquals',
  'ForAllValues:StringNotLike',
];

const GLOBAL_KEYS: readonly KeyTraits[] = [
  {
    key: 'aws:SecureTransport',
    values: ['true', 'false'],
    operators: ['Bool', 'BoolIfExists', 'Null'],
    constants: ['true', 'false'],
    present: 1,
  },
  {
    key: 'aws:SourceVpce',
    values: ['vpce-1a', 'vpce-2b', 'vpce-2c'],
    operators: STRINGS,
    constants: ['vpce-1a', 'vpce-2b', 'vpce-2*', 'vpce-1?', 'VPCE-1A'],
    present: 0.5,
  },
  {
    key: 'aws:SourceIp',
    values: ['10.1.2.3', '198.51.100.7', '10.2.0.1', '2001:db8::1'],
    operators: ['IpAddress', 'NotIpAddress', 'IpAddressIfExists', 'NotIpAddressIfExists'],
    constants: ['10.0.0.0/8', '10.1.0.0/16', '198.51.100.7', '0.0.0.0/1', '2001:db8::/32'],
    present: 0.5,
  },
  {
    key: 'aws:CurrentTime',
    values: ['2025-01-01T00:00:00Z', '2026-06-01T12:00:00Z'],
    operators: DATES,
    constants: ['2025-06-01T00:00:00Z', '2026-06-01T12:00:00Z'],
    present: 1,
  },
  {
    key: 'aws:CalledVia',
    values: ['athena.amazonaws.com', 'cloudformation.amazonaws.com', 'dynamodb.amazonaws.com'],
    operators: SETS,
    constants: ['athena.amazonaws.com', 'cloud*', 'dynamodb.amazonaws.com'],
    list: true,
    present: 0.4,
  },
  {
    key: 'aws:ViaAWSService',
    values: ['true', 'false'],
    operators: ['Bool', 'BoolIfExists', 'Null'],
    constants: ['true', 'false'],
    present: 0.5,
  },
  {
    key: 'aws:PrincipalTag/team',
    values: ['red', 'blue', 'Red', 'red/x'],
    operators: STRINGS,
    constants: ['red', 'blue', 'r*', 'RED', '*'],
    present: 0.6,
  },
  {
    key: 'aws:RequestedRegion',
    values: ['eu-west-1', 'us-east-1'],
    operators: STRINGS,
    constants: ['eu-west-1', 'eu-*', 'us-east-1'],
    present: 1,
  },
  {
    key: 'aws:MultiFactorAuthAge',
    values: ['10', '3600', '7200.5'],
    operators: NUMBERS,
    constants: ['60', '3600', '7200.5'],
    present: 0.4,
  },
];

interface World {
  readonly actions: readonly string[];
  readonly actionPatterns: readonly string[];
  readonly resources: readonly string[];
  readonly resourcePatterns: readonly string[];
  readonly keys: readonly KeyTraits[];
}

const BUCKET: World = {
  actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetObjectTagging'],
  actionPatterns: ['s3:GetObject', 's3:Get*', 's3:*Object', '*', 's3:PutObject', 'S3:DELETEobject', 's3:G?tObject*'],
  resources: ['arn:aws:s3:::weights/a', 'arn:aws:s3:::weights/red/b', 'arn:aws:s3:::weights/a:b'],
  resourcePatterns: [
    'arn:aws:s3:::weights/*',
    'arn:aws:s3:::weights/red/*',
    '*',
    'arn:aws:s3:::weights/${aws:PrincipalTag/team}/*',
    'arn:aws:s3:::w*/a',
    'arn:*:s3:*:*:weights/?',
    'arn:aws:s3:::other/*',
    "arn:aws:s3:::weights/${aws:PrincipalTag/team, 'red'}/b",
  ],
  keys: GLOBAL_KEYS,
};
const KEY: World = {
  actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
  actionPatterns: ['kms:Decrypt', 'kms:*', 'kms:*crypt', 'kms:Generate*', '*'],
  resources: [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`],
  resourcePatterns: [
    '*',
    `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`,
    `arn:aws:kms:*:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`,
    'arn:aws:kms:us-east-1:*:key/*',
  ],
  keys: [
    ...GLOBAL_KEYS,
    {
      key: 'kms:ViaService',
      values: ['s3.eu-west-1.amazonaws.com', 'sqs.eu-west-1.amazonaws.com'],
      operators: STRINGS,
      constants: ['s3.*.amazonaws.com', 's3.eu-west-1.amazonaws.com'],
      present: 0.5,
    },
    {
      key: 'kms:EncryptionContextKeys',
      values: ['tenant', 'stage', 'x'],
      operators: SETS,
      constants: ['tenant', 'stage'],
      list: true,
      present: 0.5,
    },
  ],
};
const ROLE: World = {
  actions: ['sts:AssumeRole'],
  actionPatterns: ['sts:AssumeRole', 'sts:*', 'sts:Assume*', '*', 'sts:TagSession'],
  resources: [`arn:aws:iam::${ACCOUNT}:role/target`],
  resourcePatterns: ['*', `arn:aws:iam::${ACCOUNT}:role/target`, `arn:aws:iam::${ACCOUNT}:role/*`, `arn:aws:iam::${ACCOUNT}:role/other`],
  keys: [...GLOBAL_KEYS, { key: 'sts:ExternalId', values: ['x1', 'x2'], operators: STRINGS, constants: ['x1', 'x*'], present: 0.6 }],
};

const SERVICE_NAMES = ['lambda.amazonaws.com', 'sagemaker.amazonaws.com'];
const SOURCE_KEYS: readonly KeyTraits[] = [
  { key: 'aws:SourceAccount', values: [ACCOUNT, FOREIGN], operators: STRINGS, constants: [ACCOUNT, FOREIGN, '1*'], present: 0.7 },
  {
    key: 'aws:SourceArn',
    values: [`arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f`, `arn:aws:lambda:eu-west-1:${FOREIGN}:function:f`],
    operators: ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnLikeIfExists', 'StringLike'],
    constants: [`arn:aws:lambda:*:${ACCOUNT}:*`, `arn:aws:lambda:*:*:function:*`, `arn:aws:lambda:eu-west-1:${FOREIGN}:function:f`],
    present: 0.7,
  },
];

/** One random case. */
export function randomCase(random: Random): Case {
  const scenario = random.pick<Scenario>(['S3', 'S3', 'KMS', 'TRUST', 'ANONYMOUS', 'SERVICE']);
  const world = scenario === 'KMS' ? KEY : scenario === 'TRUST' ? ROLE : scenario === 'SERVICE' ? random.pick([BUCKET, KEY, ROLE]) : BUCKET;
  return new CaseMaker(
    random,
    scenario,
    scenario === 'SERVICE'
      ? {
          ...world,
          keys: [
            ...world.keys.filter(
              (k) =>
                !k.key.includes('Principal') && !k.key.includes('Vpce') && k.key !== 'aws:CalledVia' && k.key !== 'aws:MultiFactorAuthAge',
            ),
            ...SOURCE_KEYS,
          ],
        }
      : scenario === 'ANONYMOUS'
        ? {
            ...world,
            keys: world.keys.filter(
              (k) =>
                !k.key.includes('Principal') &&
                !k.key.includes('MultiFactor') &&
                k.key !== 'aws:CalledVia' &&
                k.key !== 'aws:ViaAWSService',
            ),
          }
        : world,
  ).make();
}

class CaseMaker {
  private readonly action: string;
  private readonly resource: string;
  private readonly context: Record<string, string | string[]> = {};

  constructor(
    private readonly random: Random,
    private readonly scenario: Scenario,
    private readonly world: World,
  ) {
    this.action = random.pick(world.actions);
    this.resource = random.pick(world.resources);
    for (const k of world.keys) {
      if (!random.chance(k.present)) continue;
      if (k.key === 'aws:SourceIp' && 'aws:SourceVpce' in this.context) continue;
      this.context[k.key] = k.list ? k.values.filter(() => random.chance(0.5)) : random.pick(k.values);
      if (k.list && this.context[k.key].length === 0) delete this.context[k.key];
    }
  }

  make(): Case {
    const { random, scenario } = this;
    const principal = this.principal();
    const own = principal.account === ACCOUNT;
    const signed = principal.type === 'ROLE' || principal.type === 'USER';
    const identity = signed ? [this.document(false, 3)] : [];
    const boundary = signed && own && random.chance(0.3) ? this.document(false, 3, 0.9) : undefined;
    const session = signed && own && principal.type === 'ROLE' && random.chance(0.15) ? this.document(false, 2, 0.9) : undefined;
    const serviceControl = signed && own && random.chance(0.3) ? [this.document(false, 2, 0.9)] : [];
    const resourceControl = random.chance(0.25) ? [this.control()] : [];
    const needed =
      scenario === 'KMS' ||
      scenario === 'TRUST' ||
      this.world.resources[0] === KEY.resources[0] ||
      this.world.resources[0] === ROLE.resources[0];
    const resource = needed || !signed || random.chance(0.7) ? this.document(true, 4, 0.85) : undefined;
    const endpoint = 'aws:SourceVpce' in this.context && random.chance(0.4) ? this.endpointDocument() : undefined;
    const documents = {
      identity,
      serviceControl,
      resourceControl,
      ...(boundary ? { boundary } : {}),
      ...(session ? { session } : {}),
      ...(resource ? { resource } : {}),
      ...(endpoint ? { endpoint } : {}),
    };
    const ground = (name: string, document: Json | undefined): GroundPolicy | undefined => document && groundRawPolicy(name, document);
    const full: Principal = {
      ...principal,
      ...(signed ? { identity: identity.map((d, i) => groundRawPolicy(`identity${i}`, d)) } : {}),
      boundary: ground('boundary', boundary),
      session: ground('session', session),
    };
    const resourcePolicy = ground('resource', resource);
    const trust = this.resource.includes(':role/');
    const key = this.resource.includes(':kms:');
    const target: Target = {
      id: 'target',
      type: '',
      service: this.action.split(':')[0],
      account: ACCOUNT,
      needsGrant: trust || key,
      ignoresResource: trust || key,
      arns: [trust || key ? this.resource : 'arn:aws:s3:::weights/*'],
      policies: resourcePolicy ? [resourcePolicy] : [],
    };
    const estate: Estate = {
      accounts: [ACCOUNT],
      organizationId: undefined,
      organizationPath: undefined,
      principals: [full],
      targets: [target],
      carriers: [],
      arns: new Map(),
      endpoints: endpoint
        ? [
            {
              id: 'endpoint',
              endpointId: String(this.context['aws:SourceVpce']),
              vpcId: undefined,
              services: undefined,
              policy: groundRawPolicy('endpoint', endpoint),
            },
          ]
        : [],
      serviceControl: serviceControl.map((d) => [groundRawPolicy('scp', d)]),
      resourceControl: resourceControl.map((d) => [groundRawPolicy('rcp', d)]),
      assumptions: [],
      limits: [],
    };
    return { scenario, principal: full, action: this.action, resource: this.resource, context: this.context, documents, estate };
  }

  private principal(): Principal {
    const { random, scenario } = this;
    const base = { externalPolicies: [] };
    if (scenario === 'ANONYMOUS')
      return {
        ...base,
        id: 'anonymous',
        type: 'ANONYMOUS',
        keys: new Map([
          ['aws:principalarn', undefined],
          ['aws:principalaccount', undefined],
        ]),
      };
    if (scenario === 'SERVICE') {
      const name = random.pick(SERVICE_NAMES);
      return {
        ...base,
        id: name,
        type: 'SERVICE',
        keys: new Map([
          ['aws:principalservicename', name],
          ['aws:principalisawsservice', 'true'],
        ]),
      };
    }
    const account = random.chance(0.7) ? ACCOUNT : FOREIGN;
    const user = random.chance(0.3);
    const arn = `arn:aws:iam::${account}:${user ? 'user' : 'role'}/app`;
    return {
      ...base,
      id: 'app',
      type: user ? 'USER' : 'ROLE',
      account,
      arn,
      keys: new Map([
        ['aws:principalarn', arn],
        ['aws:principalaccount', account],
      ]),
    };
  }

  /** A policy that lets the request through more often than chance would. */
  private document(withPrincipal: boolean, statements: number, grantShare = 0.8): Json {
    const { random } = this;
    const list: Json[] = [];
    const count = 1 + Math.floor(random.next() * statements);
    for (let i = 0; i < count; i++)
      list.push(this.statement(random.chance(0.3) ? 'Deny' : 'Allow', withPrincipal, random.chance(i === 0 ? grantShare : 0.4)));
    if (random.chance(grantShare)) list.unshift(this.statement('Allow', withPrincipal, true));
    return { Version: '2012-10-17', Statement: list };
  }

  private control(): Json {
    const { NotAction: _none, ...statement } = this.statement('Deny', false, false);
    const service = this.action.split(':')[0];
    const action = this.random.pick([this.action, `${service}:*`, `${service}:Get*`, `${service}:A*`]);
    return { Version: '2012-10-17', Statement: [{ ...statement, Action: [action], Principal: '*' }] };
  }

  private endpointDocument(): Json {
    const document = this.document(false, 2, 0.9) as { Statement: Json[] };
    return { ...document, Statement: document.Statement.map((s) => ({ ...s, Principal: '*' })) };
  }

  private statement(effect: 'Allow' | 'Deny', withPrincipal: boolean, aimed: boolean): Json {
    const { random, world } = this;
    const wide = aimed && effect === 'Allow';
    const statement: Json = { Effect: effect };
    const actions = wide ? [random.pick([this.action, `${this.action.split(':')[0]}:*`, '*'])] : this.some(world.actionPatterns);
    statement[random.chance(wide ? 0 : 0.1) ? 'NotAction' : 'Action'] = actions;
    const resources = wide ? [random.pick([this.resource.replace(/[^/]*$/, '*'), '*'])] : this.some(world.resourcePatterns);
    statement[random.chance(wide ? 0 : 0.1) ? 'NotResource' : 'Resource'] = resources;
    if (withPrincipal) Object.assign(statement, this.principalElement(effect, wide));
    const condition: Record<string, Record<string, string[]>> = {};
    const tests = wide ? (random.chance(0.3) ? 1 : 0) : Math.floor(random.next() * 3);
    for (let i = 0; i < tests; i++) {
      const k = random.pick(world.keys);
      const operator = random.pick(k.operators);
      condition[operator] = {
        ...condition[operator],
        [k.key]: operator === 'Null' ? [random.pick(['true', 'false'])] : this.some(k.constants),
      };
    }
    if (tests > 0) statement.Condition = condition;
    return statement;
  }

  private principalElement(effect: 'Allow' | 'Deny', wide: boolean): Json {
    const { random, scenario } = this;
    if (scenario === 'ANONYMOUS')
      return { Principal: random.pick(['*', { AWS: '*' }, wide ? '*' : { AWS: `arn:aws:iam::${ACCOUNT}:root` }]) };
    if (scenario === 'SERVICE')
      return {
        Principal: wide
          ? { Service: SERVICE_NAMES }
          : random.pick<unknown>([{ Service: random.pick(SERVICE_NAMES) }, { AWS: '*' }, '*', { AWS: ACCOUNT }]),
      };
    const roles = [ACCOUNT, FOREIGN].flatMap((a) => [
      `arn:aws:iam::${a}:root`,
      `arn:aws:iam::${a}:role/app`,
      `arn:aws:iam::${a}:user/app`,
      a,
    ]);
    const named = wide ? roles : this.some([...roles, `arn:aws:sts::${ACCOUNT}:assumed-role/app/session`]);
    if (effect === 'Deny' && random.chance(0.08))
      return { NotPrincipal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:user/app`] } };
    return { Principal: random.pick<unknown>([{ AWS: named }, { AWS: named }, { AWS: random.pick(named) }, '*']) };
  }

  private some<T>(list: readonly T[]): T[] {
    const chosen = list.filter(() => this.random.chance(0.3));
    return chosen.length > 0 ? chosen : [this.random.pick(list)];
  }
}
