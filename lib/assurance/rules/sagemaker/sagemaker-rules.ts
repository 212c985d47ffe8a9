import type { Rule } from '../rule';
import { modelNetworkIsolation } from './model-network-isolation';

/** Rules about SageMaker models, endpoints, jobs, pipelines, domains and registries. */
export const SAGEMAKER_RULES: readonly Rule[] = [modelNetworkIsolation];
