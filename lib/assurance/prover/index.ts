export * from './attack';
export * from './error';
export { EstateOptions, NamedPolicy, estateOf } from './estate/build';
export * from './estate/estate';
export * from './layer';
export * from './mutation';
export * from './proof';
export * from './prover';
