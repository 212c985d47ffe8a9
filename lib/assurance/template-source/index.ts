export * from './assembly';
export * from './construct-metadata';
export * from './posture-records';
