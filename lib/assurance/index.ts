export * from './api';
export * from './check-results';
export * from './compliance-checks';
export * from './compliance-pack';
