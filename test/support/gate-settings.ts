import { TrustStore } from '../../lib/models/signing/trust-store';

/** A policy of a gate, for constructs that need one. */
export const GATE_POLICY = JSON.stringify({
  schema: 'cdk-secure-ai/gate-policy/v1', name: 'production', builders: ['https://example.com/training'], maxAgeDays: 30, requirements: [{ metric: 'auc', min: 0.9 }],
});

/** Always the same key, so that templates do not change from run to run. Its private half is nowhere. */
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7SBcFB82vKnris7IZJvc/UuyfSvk
8kciC2BvSFfTYyqjB9rRixbFruKwP019sf7buYNOUusS4ez9FngIk7LVrg==
-----END PUBLIC KEY-----
`;

/** A trust store with one key. */
export const GATE_TRUST = TrustStore.EMPTY.add(PUBLIC_KEY, new Date('2026-01-01T00:00:00Z')).toBytes().toString();
