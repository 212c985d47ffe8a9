import type { ControlId } from '../../core/control-declarations';
import type { RequestPattern } from '../prover';
import type { AttackSpec, Subject, Threat } from './attack-spec';

/** What packets begin at. */
export interface PacketSource {
  /** CloudFormation types of what runs code, and `job` for what pipelines and state machines start. */
  readonly types: readonly string[];
  /** Patterns of which one must match the logical id or the construct path, without case. @default - any */
  readonly names?: readonly string[];
  /** Tags with their values, which may hold wildcards. @default - any */
  readonly tags?: Readonly<Record<string, string>>;
  /** Types that hand their work to functions, which then count as well. @default - none */
  readonly callersOf?: readonly string[];
  /** Functions whose role may do one of these on one of the subjects count as well. @default - none */
  readonly functionsThatMay?: { readonly action: readonly string[]; readonly resource: readonly string[] };
  /** `NETWORK`: any interface of the VPCs, made by the templates, that they stand in. @default - they themselves */
  readonly at?: 'NETWORK';
}

/** Ways out that are no endpoint of AWS: what such an endpoint carries is for `through` to say. */
export const WAYS_OUT = ['INTERNET', 'NETWORK', 'PARTNER'] as const;

/** One of {@link WAYS_OUT}: the internet, another network, an endpoint of somebody else. */
export type WayOut = (typeof WAYS_OUT)[number];

/** What the same places must be able to do: a network that nothing can use proves nothing. */
export interface LegitimateConnection {
  /** Patterns for the names of services of AWS, such as `*.s3`: packets reach an endpoint of one of them. */
  readonly reaches: readonly string[];
  /** What somebody must be able to do through the endpoints that are reached. @default - packets are enough */
  readonly request?: RequestPattern;
}

/** An attack that the network decides, for any template: something gets out. */
export interface NetworkAttack {
  readonly id: string;
  readonly title: string;
  readonly threats?: readonly Threat[];
  readonly controls?: readonly string[];
  /** Names for the texts of the requests. @default - the common ones only */
  readonly subjects?: Readonly<Record<string, Subject>>;
  readonly network: PacketSource;
  /** @default - each of them */
  readonly to?: readonly WayOut[];
  /**
   * What must not be possible through the endpoints of AWS that packets reach, by anybody: code brings credentials of its own.
   *
   * @default - endpoints are no way out
   */
  readonly through?: RequestPattern;
  /** @default - a proof stands without a counterpart */
  readonly legitimate?: LegitimateConnection;
  /** Why one layer is all that there can be. */
  readonly oneLayer?: string;
}

/** A network attack of the library: its controls are those of the catalogue, and its proof is never an empty one. */
export interface CatalogueNetworkAttack extends NetworkAttack {
  readonly threats: readonly Threat[];
  readonly controls: readonly ControlId[];
  readonly legitimate: LegitimateConnection;
}

/** An attack of either kind. */
export type AnyAttack = AttackSpec | NetworkAttack;

/** Whether the network decides an attack, and not policies. */
export function isNetworkAttack(attack: AnyAttack): attack is NetworkAttack {
  return 'network' in attack;
}
