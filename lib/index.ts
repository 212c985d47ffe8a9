// The areas, in the order in which data meets them.
export * as posture from './posture';
export * as network from './network';
export * as audit from './audit';
export * as training from './training';
export * as models from './models';
export * as inference from './inference';
export * as platform from './platform';
export * as assurance from './assurance';
export * as testing from './testing';
