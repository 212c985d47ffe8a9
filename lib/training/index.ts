export * from './api';
export * from './instance-family';
export * from './secure-training-env';
export * from './training-guard';
export * from './training-job';
export * from './training-logs';
