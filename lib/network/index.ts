export * from './api';
export * from './existing-network';
export * from './network-segment';
export * from './segmented-network';
