export * from './api';
export * from './capture-store';
export { DataCapture } from './data-capture';
export type { EndpointCapacity, ServerlessCapacity } from './endpoint-capacity';
export type { LiveEndpoint } from './live-endpoint';
export * from './model-image';
export * from './secure-inference-endpoint';
export * from './served-model';
