import type { ControlId } from '../../core/control-declarations';

/** Part of the life of data and models that a control belongs to. */
export type ControlArea =
  | 'principles'
  | 'data'
  | 'identity'
  | 'lifecycle'
  | 'inference'
  | 'runtime'
  | 'observability'
  | 'governance'
  | 'incident'
  | 'supplychain';

/** One control of the catalogue: the unit of evidence. */
export interface Control {
  readonly id: ControlId;
  readonly area: ControlArea;
  readonly title: string;
  /** What must hold. */
  readonly need: string;
}

/** Every control, in the order in which data and models meet them. */
export const CONTROL_CATALOGUE: readonly Control[] = [
  { id: 'P1', area: 'principles', title: 'Least privilege', need: 'Every service and person has only the permissions it needs.' },
  { id: 'P2', area: 'principles', title: 'Defence in depth', need: 'Several independent layers: network, host, application, data.' },
  { id: 'P3', area: 'principles', title: 'Zero trust', need: 'Internal traffic is untrusted: authenticate and authorise everything.' },
  { id: 'P4', area: 'principles', title: 'Secure by default', need: 'Safe defaults; unnecessary features off.' },
  {
    id: 'P5',
    area: 'principles',
    title: 'Auditability and observability',
    need: 'Logs, metrics and traces for investigation and compliance.',
  },
  { id: 'P6', area: 'principles', title: 'Privacy by design', need: 'Collect little; consider anonymisation.' },
  { id: 'DP1', area: 'data', title: 'Minimise and classify', need: 'Collect required fields only; classify by sensitivity.' },
  { id: 'DP2a', area: 'data', title: 'Encryption in transit', need: 'TLS everywhere, mutual TLS between services where possible.' },
  { id: 'DP2b', area: 'data', title: 'Encryption at rest', need: 'Databases, object stores and backups encrypted through KMS.' },
  { id: 'DP2c', area: 'data', title: 'Field-level encryption', need: 'Extremely sensitive fields encrypted separately.' },
  { id: 'DP3', area: 'data', title: 'Key management', need: 'Central KMS: rotate, audit use, limit access.' },
  { id: 'DP4', area: 'data', title: 'Anonymise and pseudonymise', need: 'Remove direct identifiers where possible.' },
  {
    id: 'DP5',
    area: 'data',
    title: 'Differential privacy or synthetic data',
    need: 'When sharing or publishing outputs, protect individuals.',
  },
  { id: 'DP6', area: 'data', title: 'Retention and deletion', need: 'Defined retention, automated deletion.' },
  { id: 'DP7', area: 'data', title: 'Lineage and provenance', need: 'Track dataset versions and transformations.' },
  { id: 'AA1', area: 'identity', title: 'Strong identity', need: 'Central identity provider (OAuth2/OIDC) for users and services.' },
  { id: 'AA2', area: 'identity', title: 'Service authentication', need: 'Short-lived tokens, mutual TLS, signed tokens.' },
  { id: 'AA3', area: 'identity', title: 'RBAC and ABAC', need: 'Role- and attribute-based authorisation.' },
  { id: 'AA4', area: 'identity', title: 'Just-in-time access', need: 'Approvals and time-limited elevation for admin tasks.' },
  { id: 'AA5', area: 'identity', title: 'Secrets management', need: 'No plain secrets in code or configuration.' },
  {
    id: 'ML1',
    area: 'lifecycle',
    title: 'Secure ingestion',
    need: 'Validate and clean input, scan for malicious files, rate-limit uploads.',
  },
  { id: 'ML2', area: 'lifecycle', title: 'Labelling integrity', need: 'Control who labels; audit label changes to prevent poisoning.' },
  {
    id: 'ML3',
    area: 'lifecycle',
    title: 'Isolated, ephemeral training',
    need: 'Isolated, short-lived environments; access control to datasets.',
  },
  {
    id: 'ML4a',
    area: 'lifecycle',
    title: 'Poisoning and adversarial tests',
    need: 'Test for data and model poisoning and adversarial input.',
  },
  { id: 'ML4b', area: 'lifecycle', title: 'Fairness and bias tests', need: 'Perform fairness and bias testing.' },
  { id: 'ML4c', area: 'lifecycle', title: 'Hold-out evaluation', need: 'Evaluate on hold-out datasets.' },
  {
    id: 'ML5',
    area: 'lifecycle',
    title: 'Model provenance and versioning',
    need: 'Training data hash, hyperparameters, code commit, artifact signature.',
  },
  { id: 'ML6', area: 'lifecycle', title: 'Model signing', need: 'Cryptographically sign model artifacts.' },
  { id: 'ML7', area: 'lifecycle', title: 'Approval gates', need: 'Automated tests and manual review before production.' },
  { id: 'ML8', area: 'lifecycle', title: 'Secure deployment', need: 'Authenticated endpoints, input sanitisation, resource limits.' },
  { id: 'ML9', area: 'lifecycle', title: 'Retire old models', need: 'Remove or archive old artifacts and credentials.' },
  {
    id: 'MI1',
    area: 'inference',
    title: 'Limit model access',
    need: 'Authenticated endpoints and rate limits against scraping and extraction.',
  },
  { id: 'MI2', area: 'inference', title: 'Watermarking and fingerprinting', need: 'Detect stolen models or outputs.' },
  { id: 'MI3', area: 'inference', title: 'Encrypted model storage and transport', need: 'Never move a model unencrypted.' },
  { id: 'MI4', area: 'inference', title: 'Throttling and quotas', need: 'Mitigate abuse and extraction.' },
  { id: 'MI5', area: 'inference', title: 'Output filtering and safety checks', need: 'Detect and block risky outputs.' },
  { id: 'RT1', area: 'runtime', title: 'Network segmentation', need: 'Separate training, staging and production networks.' },
  {
    id: 'RT2',
    area: 'runtime',
    title: 'Container and host hardening',
    need: 'Minimal images, patching, runtime security, image scanning.',
  },
  {
    id: 'RT3',
    area: 'runtime',
    title: 'Runtime isolation and enclaves',
    need: 'Separate containers or hardware enclaves for sensitive work.',
  },
  { id: 'RT4', area: 'runtime', title: 'Secrets injection', need: 'Mounted at run time from a vault, never baked into images.' },
  { id: 'RT5', area: 'runtime', title: 'WAF and API gateway', need: 'Front inference with gateway, WAF, authentication, rate limits.' },
  {
    id: 'RT6',
    area: 'runtime',
    title: 'Immutable infrastructure and CI/CD',
    need: 'Infrastructure as code, signed build artifacts, pipeline checks.',
  },
  { id: 'OB1', area: 'observability', title: 'Audit logs', need: 'Who accessed what, when, from where: datasets, models, admin.' },
  { id: 'OB2', area: 'observability', title: 'Metric monitoring', need: 'Latency, error rates, usage.' },
  { id: 'OB3', area: 'observability', title: 'Drift detection', need: 'Distribution changes of inputs and outputs, concept drift.' },
  { id: 'OB4', area: 'observability', title: 'Anomaly detection', need: 'Spikes in requests, unusual outputs.' },
  { id: 'OB5', area: 'observability', title: 'SIEM and alerting', need: 'Logs and metrics into a SOC stack.' },
  {
    id: 'OB6',
    area: 'observability',
    title: 'Explainability and traceability',
    need: 'Keep explanations and decision traces for high-risk requests.',
  },
  { id: 'PG1', area: 'governance', title: 'Data-subject rights', need: 'Deletion and rectification processes.' },
  { id: 'PG2', area: 'governance', title: 'Data localisation', need: 'Keep data where law allows.' },
  {
    id: 'PG3',
    area: 'governance',
    title: 'Privacy-preserving techniques',
    need: 'DP; federated learning where central sharing is prohibited.',
  },
  { id: 'PG4', area: 'governance', title: 'Documentation', need: 'Model cards, data sheets, impact assessments.' },
  { id: 'PG5', area: 'governance', title: 'Third-party risk', need: 'Vendor contracts for data handling and liability.' },
  { id: 'IR1', area: 'incident', title: 'Threat modelling', need: 'Assets, attackers, attack surface.' },
  { id: 'IR2', area: 'incident', title: 'Tabletop exercises', need: 'Simulate breach or poisoning.' },
  {
    id: 'IR3',
    area: 'incident',
    title: 'Incident response plan',
    need: 'Containment, eradication, forensics, disclosure templates, regulator timelines.',
  },
  { id: 'IR4', area: 'incident', title: 'Post-incident', need: 'Root cause, improved controls.' },
  { id: 'SC1', area: 'supplychain', title: 'SBOM', need: 'For all model and tooling stacks.' },
  { id: 'SC2', area: 'supplychain', title: 'Vulnerability scanning', need: 'OS images, dependencies, serving libraries.' },
  { id: 'SC3', area: 'supplychain', title: 'Pinned, vetted, signed packages', need: 'Pin, use vetted registries, prefer signed.' },
  { id: 'SC4', area: 'supplychain', title: 'Limit third-party models', need: 'Vet pre-trained models; run privacy and security checks.' },
];
