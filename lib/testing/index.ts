export * from './attack-proof';
export * from './compliance';
export * from './proofs';
export * from './request-pattern';
