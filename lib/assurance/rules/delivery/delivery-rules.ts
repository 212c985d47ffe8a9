import type { Rule } from '../rule';
import { customModelKey } from './custom-model-key';
import { deliveryArtifactsKey } from './delivery-artifacts-key';
import { deliveryGates } from './delivery-gates';
import { frameworkFunctionHardened } from './framework-function-hardened';
import { machineDefinitionPinned } from './machine-definition-pinned';
import { modelBucketKept } from './model-bucket-kept';
import { modelImportScanned } from './model-import-scanned';
import { pullThroughBounded } from './pull-through-bounded';
import { registryScanning } from './registry-scanning';
import { stateInvokesWithGuardrail } from './state-invokes-with-guardrail';
import { stateMachineKey } from './state-machine-key';

/** Rules about pipelines, registries and helper functions that bring models to production. */
export const DELIVERY_RULES: readonly Rule[] = [
  customModelKey,
  modelImportScanned,
  deliveryGates,
  registryScanning,
  pullThroughBounded,
  deliveryArtifactsKey,
  frameworkFunctionHardened,
  modelBucketKept,
  stateInvokesWithGuardrail,
  stateMachineKey,
  machineDefinitionPinned,
];
