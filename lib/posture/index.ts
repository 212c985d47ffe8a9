export * from './data-class';
export * from './security-profile';
