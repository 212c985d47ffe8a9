export * from './condition-test';
export * from './policy-document';
export * from './policy-text';
export * from './statement';
