export * from './api';
export * from './approval-gate';
export * from './approved-model';
export * from './deploy-check';
export * from './model-artifact-bucket';
export * from './model-promoter';
export * from './model-registry';
export * from './signing-key';
