export * from './attack-proof';
export * from './proofs';
export * from './request-pattern';
