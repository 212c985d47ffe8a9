export * from './assembly';
export * from './construct-metadata';
