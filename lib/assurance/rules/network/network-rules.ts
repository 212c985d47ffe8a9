import type { Rule } from '../rule';
import { aiEgress } from './ai-egress';
import { aiEndpointsPresent } from './ai-endpoints-present';
import { aiFlowLog } from './ai-flow-log';
import { aiIngress } from './ai-ingress';
import { aiSubnetsPrivate } from './ai-subnets-private';
import { appEgress } from './app-egress';
import { appEndpointPolicy, appEndpointPrivateDns, endpointOwnIdentities, endpointOwnResources } from './app-endpoints';
import { appFlowLogWhole } from './app-flow-log';
import { endpointPolicy } from './endpoint-policy';
import { endpointPrivateDns } from './endpoint-private-dns';

/** Rules about the network of AI workloads. */
export const NETWORK_RULES: readonly Rule[] = [
  endpointPolicy,
  aiEndpointsPresent,
  aiEgress,
  aiIngress,
  aiSubnetsPrivate,
  endpointPrivateDns,
  aiFlowLog,
  appEndpointPolicy,
  endpointOwnIdentities,
  endpointOwnResources,
  appEndpointPrivateDns,
  appFlowLogWhole,
  appEgress,
];
