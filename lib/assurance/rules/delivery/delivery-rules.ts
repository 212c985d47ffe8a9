import type { Rule } from '../rule';
import { customModelKey } from './custom-model-key';
import { deliveryArtifactsKey } from './delivery-artifacts-key';
import { deliveryGates } from './delivery-gates';
import { frameworkFunctionHardened } from './framework-function-hardened';
import { imageTagsImmutable } from './image-tags-immutable';
import { machineDefinitionPinned } from './machine-definition-pinned';
import { modelBucketKept } from './model-bucket-kept';
import { modelImportScanned } from './model-import-scanned';
import { pullThroughBounded } from './pull-through-bounded';
import { registryScanning } from './registry-scanning';
import { repositoryNotPublic } from './repository-not-public';
import { stateInvokesWithGuardrail } from './state-invokes-with-guardrail';
import { stateMachineKey } from './state-machine-key';

/** Rules about pipelines, registries and helper functions that bring models to production. */
export const DELIVERY_RULES: readonly Rule[] = [
  customModelKey,
  modelImportScanned,
  deliveryGates,
  registryScanning,
  imageTagsImmutable,
  pullThroughBounded,
  repositoryNotPublic,
  deliveryArtifactsKey,
  frameworkFunctionHardened,
  modelBucketKept,
  stateInvokesWithGuardrail,
  stateMachineKey,
  machineDefinitionPinned,
];
