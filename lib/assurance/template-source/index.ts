export * from './assembly';
export * from './posture-records';
