/** Where approved models are served from, inside the served store. */
export const SERVED_PREFIX = 'models/';
/** How the scanner's signed verdict beside a prefix ends, next to the manifest. */
export const VERDICT_SUFFIX = '.verdict';
