export * from './error';
export { Hop } from './flow';
export * from './layer';
export * from './network';
export { NetworkEndpoint, NetworkNode } from './parts';
export { WORKLOAD_TYPES } from './reading/workloads';
export * from './request-ways';
export * from './verdict';
