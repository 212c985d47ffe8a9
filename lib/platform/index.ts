export * from './platform-account';
export * from './platform-props';
export * from './secure-ai-platform';
