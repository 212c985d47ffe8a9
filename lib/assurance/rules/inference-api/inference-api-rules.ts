import type { Rule } from '../rule';
import { bodyLimit } from './body-limit';
import { poolAdmitsUsers, poolAsksTwice } from './callers-of-pool';
import { functionUrlAuth, functionUrlOrigins } from './function-url-auth';
import { graphqlAuth } from './graphql-auth';
import { methodAuth, notByKeyAlone } from './method-auth';
import { modelFunctionCallers } from './model-function-callers';
import { outputFilter } from './output-filter';
import { routeAuth } from './route-auth';
import { noPromptLogging, stageLimits } from './stage-limits';

/** Rules about APIs and functions in front of models. */
export const INFERENCE_API_RULES: readonly Rule[] = [
  stageLimits,
  bodyLimit,
  noPromptLogging,
  outputFilter,
  functionUrlAuth,
  methodAuth,
  routeAuth,
  poolAsksTwice,
  poolAdmitsUsers,
  notByKeyAlone,
  functionUrlOrigins,
  graphqlAuth,
  modelFunctionCallers,
];
