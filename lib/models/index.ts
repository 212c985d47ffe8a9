export * from './api';
export * from './approval-gate';
export * from './model-artifact-bucket';
export * from './model-promoter';
export * from './model-registry';
export * from './model-scanner';
export * from './model-signer';
export * from './signing-key';
