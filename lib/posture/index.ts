export * from './data-class';
export * from './object-lock';
export * from './operators';
export * from './perimeter';
export * from './retention';
export * from './security-posture';
export * from './security-profile';
export * from './weaker-choice';
