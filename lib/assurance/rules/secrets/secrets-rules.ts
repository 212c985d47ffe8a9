import type { Rule } from '../rule';
import { apiKeyLiteral } from './api-key-literal';
import { buildEnvironment } from './build-environment';
import { containerEnvironment } from './container-environment';
import { definitionSecret } from './definition-secret';
import { functionEnvironment } from './function-environment';
import { jobEnvironment } from './job-environment';
import { keyAnywhere } from './key-anywhere';
import { keyInOutput } from './key-in-output';
import { lifecycleScriptSecret } from './lifecycle-script-secret';
import { modelEnvironment } from './model-environment';
import { parameterHidden } from './parameter-hidden';
import { pipelineActionSecret } from './pipeline-action-secret';
import { secretProperty } from './secret-property';
import { storedSecretLiteral } from './stored-secret-literal';
import { userDataSecret } from './user-data-secret';

/** Rules about secrets that stand in a template. */
export const SECRETS_RULES: readonly Rule[] = [
  functionEnvironment,
  modelEnvironment,
  jobEnvironment,
  lifecycleScriptSecret,
  userDataSecret,
  containerEnvironment,
  buildEnvironment,
  definitionSecret,
  parameterHidden,
  storedSecretLiteral,
  secretProperty,
  keyAnywhere,
  pipelineActionSecret,
  apiKeyLiteral,
  keyInOutput,
];
