/** Where approved models are served from, inside the served store. */
export const SERVED_PREFIX = 'models/';
