import { Unknown, type Resource, type TemplateModel } from '../../assurance/template';

/** Resources of which an account has one for each region, or for itself. */
export const SINGLETONS = {
  'AWS::GuardDuty::Detector': 'GuardDuty detector',
  'AWS::SecurityHub::Hub': 'Security Hub',
  'AWS::Config::ConfigurationRecorder': 'Config recorder',
  'AWS::Macie::Session': 'Macie session',
  'AWS::ApiGateway::Account': "API Gateway's account role",
  'AWS::CloudTrail::Trail': 'CloudTrail trail',
} as const;

/** Type of a singleton. */
export type SingletonType = keyof typeof SINGLETONS;

/** What the templates take from one account and region. */
export interface RegionNeeds {
  /** Account of the stacks. @default - any: the stacks name none */
  readonly account?: string;
  readonly region: string;
  readonly singletons: ReadonlyMap<SingletonType, Resource>;
  readonly vpcs: number;
  /** Sum of what functions reserve. */
  readonly reservedConcurrency: number;
  /** Instances of endpoints by type. */
  readonly endpointInstances: ReadonlyMap<string, number>;
  /** Whether an API logs, which needs the account role of API Gateway. */
  readonly logsApis: boolean;
}

/** What the templates need, for each account and region; stacks without a region go to the given one. */
export function needsOf(model: TemplateModel, fallback: string | undefined): RegionNeeds[] {
  const places = new Map<string, Resource[]>();
  for (const resource of model.resources) {
    const { account, region } = resource.stack;
    const named = region instanceof Unknown ? fallback : region;
    if (named === undefined) continue;
    const key = JSON.stringify([account instanceof Unknown ? null : account, named]);
    places.set(key, [...(places.get(key) ?? []), resource]);
  }
  return [...places].map(([key, resources]) => {
    const [account, region] = JSON.parse(key) as [string | null, string];
    return { ...(account === null ? {} : { account }), region, ...needsIn(resources) };
  });
}

function needsIn(resources: readonly Resource[]): Omit<RegionNeeds, 'account' | 'region'> {
  const ofType = (type: string): Resource[] => resources.filter((resource) => resource.type === type);
  const endpointInstances = new Map<string, number>();
  for (const config of ofType('AWS::SageMaker::EndpointConfig')) {
    for (const variant of listAt(config, 'ProductionVariants')) {
      const type = textOf(variant.InstanceType);
      const count = numberOf(variant.InitialInstanceCount) ?? 1;
      if (type !== undefined) endpointInstances.set(type, (endpointInstances.get(type) ?? 0) + count);
    }
  }
  return {
    singletons: new Map(resources.filter(({ type }) => Object.hasOwn(SINGLETONS, type)).map((one) => [one.type as SingletonType, one])),
    vpcs: ofType('AWS::EC2::VPC').length,
    reservedConcurrency: ofType('AWS::Lambda::Function').reduce((sum, one) => sum + (numberOf(one.at('ReservedConcurrentExecutions')) ?? 0), 0),
    endpointInstances,
    logsApis: ofType('AWS::ApiGateway::Stage').some(
      (stage) => stage.at('AccessLogSetting') !== undefined || listAt(stage, 'MethodSettings').some(isLogged),
    ),
  };
}

function isLogged({ LoggingLevel: level }: Readonly<Record<string, unknown>>): boolean {
  return level !== undefined && level !== 'OFF';
}

function listAt(resource: Resource, path: string): Readonly<Record<string, unknown>>[] {
  const value: unknown = resource.at(path);
  return Array.isArray(value) ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
