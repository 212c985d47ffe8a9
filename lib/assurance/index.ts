export * from './api';
export * from './check-results';
export * from './compliance-checks';
export * from './compliance-pack';
export * from './judged-resource';
export * from './own-rule';
export * from './secure-ai-checks';
