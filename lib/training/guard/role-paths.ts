/** Paths of the roles that only environments make: the guard knows them by these, without a list of every environment. */
export const EXECUTION_ROLE_PATH = '/secure-ai/training/';
export const LAUNCHER_ROLE_PATH = '/secure-ai/training-launcher/';

/** Patterns for roles of any account and partition under the paths. */
export const EXECUTION_ROLES = `arn:*:iam::*:role${EXECUTION_ROLE_PATH}*`;
export const LAUNCHER_ROLES = `arn:*:iam::*:role${LAUNCHER_ROLE_PATH}*`;
