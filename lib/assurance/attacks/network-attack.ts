import type { ControlId } from '../../core/control-declarations';
import type { AttackSpec, RequestSpec, Threat } from './attack-spec';

/** What packets begin at. */
export interface PacketSource {
  /** CloudFormation types of what runs code, and `job` for what pipelines and state machines start. */
  readonly types: readonly string[];
  /** Types that hand their work to functions, which then count as well. @default - none */
  readonly callersOf?: readonly string[];
  /** Functions whose role may do one of these on one of the subjects count as well. @default - none */
  readonly functionsThatMay?: { readonly action: readonly string[]; readonly resource: readonly string[] };
  /** `NETWORK`: any interface of the VPCs, made by the templates, that they stand in. @default - they themselves */
  readonly at?: 'NETWORK';
}

/** An attack that the network decides: something gets out. */
export interface NetworkAttack {
  readonly id: string;
  readonly title: string;
  readonly threats: readonly Threat[];
  readonly controls: readonly ControlId[];
  readonly network: PacketSource;
  /**
   * What must not be possible through the endpoints of AWS that packets reach, by anybody: code brings credentials of its own.
   *
   * @default - endpoints are no way out
   */
  readonly through?: RequestSpec;
  /** Why one layer is all that there can be. */
  readonly oneLayer?: string;
}

/** An attack of either kind. */
export type AnyAttack = AttackSpec | NetworkAttack;

/** Whether the network decides an attack, and not policies. */
export function isNetworkAttack(attack: AnyAttack): attack is NetworkAttack {
  return 'network' in attack;
}
