export * from './platform-account';
export * from './platform-endpoint';
export * from './platform-gate';
export * from './platform-props';
export * from './secure-ai-platform';
