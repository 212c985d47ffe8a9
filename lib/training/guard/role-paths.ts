/** Paths of what only environments make: the guard knows it by these, without a list of every environment. */
export const EXECUTION_ROLE_PATH = '/secure-ai/training/';
export const LAUNCHER_ROLE_PATH = '/secure-ai/training-launcher/';
/** Of the policies and boundaries of those roles, and of the guard's own: who rewrites them needs to take none away. */
export const TRAINING_POLICY_PATH = '/secure-ai/training/';

/** Patterns for roles and policies of any account and partition under the paths. */
export const EXECUTION_ROLES = `arn:*:iam::*:role${EXECUTION_ROLE_PATH}*`;
export const LAUNCHER_ROLES = `arn:*:iam::*:role${LAUNCHER_ROLE_PATH}*`;
export const TRAINING_POLICIES = `arn:*:iam::*:policy${TRAINING_POLICY_PATH}*`;
