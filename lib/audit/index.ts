export * from './api';
export * from './audit-guard';
export * from './audit-trail';
export * from './log-archive';
export * from './log-source';
export * from './management-events';
