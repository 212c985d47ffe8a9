import type { Rule } from '../rule';
import { agentCallsNamedFunctions } from './agent-calls-named-functions';
import { aiRoleAssumesNamedRoles } from './ai-role-assumes-named-roles';
import { aiRoleDecryptsWithNamedKeys } from './ai-role-decrypts-with-named-keys';
import { aiRoleIsNoAdministrator } from './ai-role-is-no-administrator';
import { aiRoleReadsNamedBuckets } from './ai-role-reads-named-buckets';
import { aiRoleReadsNamedSecrets } from './ai-role-reads-named-secrets';
import { aiRoleWritesNoPermissions } from './ai-role-writes-no-permissions';
import { approverSeparated } from './approver-separated';
import { createJobGuarded } from './create-job-guarded';
import { federatedTrustNamesSubject } from './federated-trust-names-subject';
import { invokeEndpointScoped } from './invoke-endpoint-scoped';
import { modelUserKeepsGuardrails } from './model-user-keeps-guardrails';
import { noAccessKeyForModels } from './no-access-key-for-models';
import { noFullAccessPolicy } from './no-full-access-policy';
import { noModelDelete } from './no-model-delete';
import { noModelsForGuests } from './no-models-for-guests';
import { noWildcardAiActions } from './no-wildcard-ai-actions';
import { passAnyRole } from './pass-any-role';
import { passRoleToAi } from './pass-role-to-ai';
import { presignedUrlLimit } from './presigned-url-limit';
import { roleTrustsAnybody } from './role-trusts-anybody';
import { serviceTrustBound } from './service-trust-bound';
import { appRoleTrustsNobodyElse, appServiceTrustBound } from './app-role-trust';
import { functionMakesNoInterfaces } from './function-network';
import { functionInvokeOnly, functionNamedCallers, functionServicesBound } from './function-permissions';
import { jobsInNamedGroups, jobsInNamedSubnets, jobsUnderNamedKeys, jobsWithoutShell, jobsWithoutWarmPool } from './job-launch';
import { grantsForServicesOnly, keyUsedThroughServices } from './key-use';
import { metricsOfOwnNamespace, scanRoleOwnRules } from './service-role-scope';
import { boundaryNamesOwn, trainingRolesBounded } from './training-boundary';
import { trainingGuardComplete } from './training-guard';
import { packageUpdatesOfStatus } from './approver-scope';
import { functionSourceNamed } from './function-source';
import { serviceTrustNamesSource } from './service-trust-source';
import { listsOwnPrefix } from './list-own-prefix';

/** Rules about what roles, users and policies may do to models and data. */
export const IDENTITY_RULES: readonly Rule[] = [
  invokeEndpointScoped,
  createJobGuarded,
  passRoleToAi,
  presignedUrlLimit,
  noModelDelete,
  serviceTrustBound,
  roleTrustsAnybody,
  noWildcardAiActions,
  passAnyRole,
  aiRoleIsNoAdministrator,
  aiRoleWritesNoPermissions,
  noAccessKeyForModels,
  noModelsForGuests,
  aiRoleReadsNamedBuckets,
  aiRoleReadsNamedSecrets,
  aiRoleDecryptsWithNamedKeys,
  aiRoleAssumesNamedRoles,
  agentCallsNamedFunctions,
  modelUserKeepsGuardrails,
  federatedTrustNamesSubject,
  approverSeparated,
  noFullAccessPolicy,
  appRoleTrustsNobodyElse,
  appServiceTrustBound,
  functionNamedCallers,
  functionServicesBound,
  functionInvokeOnly,
  keyUsedThroughServices,
  grantsForServicesOnly,
  scanRoleOwnRules,
  metricsOfOwnNamespace,
  jobsWithoutShell,
  jobsWithoutWarmPool,
  jobsInNamedSubnets,
  jobsInNamedGroups,
  jobsUnderNamedKeys,
  trainingGuardComplete,
  boundaryNamesOwn,
  trainingRolesBounded,
  functionMakesNoInterfaces,
  serviceTrustNamesSource,
  functionSourceNamed,
  packageUpdatesOfStatus,
  listsOwnPrefix,
];
