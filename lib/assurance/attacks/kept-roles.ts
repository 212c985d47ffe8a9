import type { Principal, Prover } from '../prover';
import { stateMachineDefinition } from '../rules/definitions/state-machine';
import type { Resource, TemplateModel, Value } from '../template';
import { Unknown, isDict, isList, policyDocument, textParts } from '../template';

/** Uses of roles in which a service keeps the credentials to itself: nobody's code has them, and nobody can be robbed of them. */
export const KEPT_USES = ['ISOLATED_MODEL', 'API_LOG', 'NAMED_CHAIN', 'SCANNER'] as const;

/** One such use. */
export type KeptUse = (typeof KEPT_USES)[number];

/** What must be so for a role to be kept; anything else that names it ends the exemption. */
interface UseSpec {
  readonly service: string;
  /** Whether the trust must ask for whom the service acts: some services do not say. */
  readonly saysForWhom: boolean;
  /** The one property that gives the service the role. */
  readonly type: string;
  readonly property: string;
  /** What is taken for granted, after the id of the role. */
  readonly assumed: string;
}

const USES: Readonly<Record<KeptUse, UseSpec>> = {
  // "No AWS credentials are made available to the container runtime environment", while SageMaker itself fetches and stores with the role:
  // https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
  ISOLATED_MODEL: {
    service: 'sagemaker.amazonaws.com',
    saysForWhom: true,
    type: 'AWS::SageMaker::Model',
    property: 'ExecutionRoleArn',
    assumed:
      'holds no attacker: only SageMaker takes it, for models in containers without network, which AWS gives no credentials '
      + '(https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html); '
      + 'who deploys the templates neither passes it elsewhere nor rewrites its trust',
  },
  // The setting is the account's, and names no API: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
  API_LOG: {
    service: 'apigateway.amazonaws.com',
    saysForWhom: false,
    type: 'AWS::ApiGateway::Account',
    property: 'CloudWatchRoleArn',
    assumed:
      'holds no attacker: only API Gateway takes it, for the account\'s logs, and takes it with no narrower permission '
      + '(https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)',
  },
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
  NAMED_CHAIN: {
    service: 'states.amazonaws.com',
    saysForWhom: true,
    type: 'AWS::StepFunctions::StateMachine',
    property: 'RoleArn',
    assumed: 'takes other roles for state machines alone, whose definitions name each of them, and which nobody else can take',
  },
  // A scanner reads bytes and loads nothing; that its code does so, no template shows.
  SCANNER: {
    service: 'lambda.amazonaws.com',
    saysForWhom: false,
    type: 'AWS::Lambda::Function',
    property: 'Role',
    assumed:
      'is a scanner: the refusal of unscanned reads names it, only functions inside a network have it, and it starts nothing with what it reads; '
      + 'that its code loads no model is not in a template',
  },
};

/** What would put bytes that nobody scanned to use. */
const STARTS = ['sagemaker:CreateModel', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob', 'iam:PassRole', 'lambda:UpdateFunctionCode'];

/** Properties in which a role is named without anybody getting it: what it may do, and what it may touch. */
const GIVES_NOTHING =
  /^AWS::(IAM::(ManagedPolicy@(Roles|PolicyDocument)|Policy@(Roles|PolicyDocument)|RolePolicy@(RoleName|PolicyDocument)|Role@(Policies|AssumeRolePolicyDocument))|S3::BucketPolicy@PolicyDocument|KMS::Key@KeyPolicy)$/;

const ASSUME = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'];

/** Finds the roles that a service keeps to itself, by what templates prove and by nothing else. */
export class KeptRoles {
  private readonly known = new Map<KeptUse, ReadonlyMap<string, string>>();

  constructor(
    private readonly model: TemplateModel,
    private readonly prover: Prover,
  ) {}

  /** Ids of the roles of a use, each with the sentence that a report prints. */
  of(use: KeptUse): ReadonlyMap<string, string> {
    let found = this.known.get(use);
    if (found === undefined) {
      const kept = this.prover.estate.principals.filter((p) => this.isKept(p, USES[use], use));
      found = new Map(kept.map(({ id }) => [id, `${id} ${USES[use].assumed}`]));
      this.known.set(use, found);
    }
    return found;
  }

  private isKept(principal: Principal, use: UseSpec, name: KeptUse): boolean {
    const role = this.roleOf(principal);
    if (role === undefined || principal.arn === undefined) return false;
    const users = this.usersOf(role, use);
    if (users === undefined || users.length === 0 || !this.isTakenByOnly(principal.arn, [use.service])) return false;
    if (use.saysForWhom && this.isTakenForOthers(principal.arn, use.service)) return false;
    if (name === 'ISOLATED_MODEL') return users.every(isIsolated);
    if (name === 'SCANNER') return this.isNamedByRefusal(role) && users.every(isInNetwork) && this.startsNothing(principal);
    return name === 'API_LOG' || this.takesOnlyNamed(principal, users);
  }

  /** Whether a refusal of reads without a verdict spares the role by its name. */
  private isNamedByRefusal(role: Resource): boolean {
    const own = textOf(this.model.arnOf(role));
    return own !== undefined && this.model.ofType('AWS::S3::BucketPolicy').some((policy) =>
      policyDocument(policy.at('PolicyDocument') ?? null).statements.some(
        ({ effect, conditions }) =>
          effect === 'Deny' &&
          conditions.some(({ foldedKey }) => foldedKey.startsWith('s3:existingobjecttag/')) &&
          conditions.some(
            ({ foldedKey, operator, values }) =>
              foldedKey === 'aws:principalarn' &&
              operator.includes('Not') &&
              values.some(({ parts }) => textOfParts(parts) === own),
          ),
      ),
    );
  }

  private startsNothing(principal: Principal): boolean {
    return this.prover.ask({ action: STARTS }, principal).found === 'NO';
  }

  private roleOf({ type, arn }: Principal): Resource | undefined {
    if (type !== 'ROLE') return undefined;
    const roles = this.model.ofType('AWS::IAM::Role').filter(({ id }) => this.prover.estate.arns.get(id) === arn);
    return roles.length === 1 && roles[0].presence === 'YES' ? roles[0] : undefined;
  }

  /** What has the role; undefined when anything names it that is not of the use, so that somebody could have it from there. */
  private usersOf(role: Resource, { type, property }: UseSpec): Resource[] | undefined {
    const users = new Set<Resource>();
    for (const { from, place } of this.namings(role)) {
      if (place === `${type}@${property}`) users.add(from);
      else if (!GIVES_NOTHING.test(place)) return undefined;
    }
    return [...users];
  }

  private namings(role: Resource): { from: Resource; place: string }[] {
    const references = role.incoming
      .filter(({ kind, from }) => kind !== 'DependsOn' && from !== role)
      .map(({ from, path }) => ({ from, place: `${from.type}@${path.split('.')[1] ?? ''}` }));
    const name = role.at('RoleName');
    if (typeof name !== 'string') return references;
    const written = this.model.resources
      .filter((resource) => resource !== role)
      .flatMap((from) => Object.entries(from.properties).filter(([, value]) => holdsName(value, name)).map(([key]) => ({ from, place: `${from.type}@${key}` })));
    return [...references, ...written];
  }

  /** Who cannot be shown to be kept out counts as one who gets in. */
  private isTakenByOnly(arn: string, takers: readonly string[]): boolean {
    const { principals } = this.prover.estate;
    return principals.every((p) => takers.includes(p.id) || this.prover.ask({ action: ASSUME, resource: [arn] }, p).found === 'NO');
  }

  private isTakenForOthers(arn: string, service: string): boolean {
    const { principals, accounts } = this.prover.estate;
    const where = {
      StringNotEquals: { 'aws:SourceAccount': accounts },
      ArnNotLike: { 'aws:SourceArn': accounts.map((account) => `arn:*:*:*:${account}:*`) },
    };
    const acting = principals.filter(({ id }) => id === service);
    return acting.length === 0 || acting.some((p) => this.prover.ask({ action: ['sts:AssumeRole'], resource: [arn], where }, p).found !== 'NO');
  }

  /** Whether the role takes others, all of which its machines name and nobody else takes. */
  private takesOnlyNamed(principal: Principal, machines: readonly Resource[]): boolean {
    const named = machines.map(credentialsOf);
    if (named.includes(undefined)) return false;
    const taken = this.prover.estate.principals.filter(
      ({ id, arn }) => id !== principal.id && arn !== undefined && this.prover.ask({ action: ASSUME, resource: [arn] }, principal).found !== 'NO',
    );
    return taken.length > 0 && taken.every((other) => {
      const role = this.roleOf(other);
      const own = role && textOf(this.model.arnOf(role));
      return own !== undefined && named.some((arns) => arns?.includes(own)) && this.isTakenByOnly(other.arn as string, [principal.id]);
    });
  }
}

function isIsolated(model: Resource): boolean {
  const isolated = model.at('EnableNetworkIsolation');
  return isolated === true || isolated === 'true';
}

function isInNetwork(handler: Resource): boolean {
  const subnets = handler.at('VpcConfig.SubnetIds');
  return isList(subnets) && subnets.length > 0;
}

/** The roles that the states of a machine run as; undefined when that is not written down. */
function credentialsOf(resource: Resource): string[] | undefined {
  const { machine } = stateMachineDefinition(resource);
  if (machine === undefined) return undefined;
  const found: (string | undefined)[] = [];
  const walk = (value: Value): void => {
    if (isList(value)) value.forEach(walk);
    if (!isDict(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Credentials') found.push(isDict(item) ? textOf(item.RoleArn) : undefined);
      else walk(item);
    }
  };
  walk(machine);
  return found.every((arn) => arn !== undefined) ? found : undefined;
}

/** A text in which unknown parts are named by where they come from; undefined when that is not known either. */
function textOf(value: Value | undefined): string | undefined {
  return textOfParts(textParts(value));
}

function textOfParts(parts: readonly (string | Unknown)[] | undefined): string | undefined {
  const named = parts?.map((part) => (part instanceof Unknown ? part.origin && `<${part.origin.resource} ${part.origin.attribute}>` : part));
  return named === undefined || named.includes(undefined) ? undefined : named.join('');
}

/** Whether a name of a role stands in a value, alone or at the end of an ARN. */
function holdsName(value: Value, name: string): boolean {
  if (isList(value)) return value.some((item) => holdsName(item, name));
  if (isDict(value)) return Object.values(value).some((item) => holdsName(item, name));
  const text = textParts(value)?.join('') ?? '';
  const at = text.lastIndexOf(`/${name}`);
  return text === name || (at >= 0 && !/^[\w+=,.@-]/.test(text.slice(at + name.length + 1)));
}
