/** Media type of a Sigstore bundle, as every bundle carries it. */
export const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
