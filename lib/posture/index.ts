export * from './data-class';
