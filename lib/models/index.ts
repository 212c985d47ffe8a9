export * from './api';
export * from './model-artifact-bucket';
export * from './model-promoter';
export * from './signing-key';
