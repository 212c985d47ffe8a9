/**
 * How strict the library is by default.
 *
 * A profile picks defaults only; each of them can be set on its own in `SecurityPosture`. The table in `docs/profiles.md` says
 * what each profile turns on and what that costs.
 */
export enum SecurityProfile {
  /** Sound security for workloads without regulated data; judged by the AwsSolutions and Serverless packs. */
  BASELINE = 'BASELINE',
  /** Health, payment or public-sector data; judged by HIPAA, NIST 800-53 r4 and r5 and PCI DSS as well. The default. */
  REGULATED = 'REGULATED',
  /** REGULATED with nothing left to choice: named endpoints only, compliance-mode locks, every pack. */
  HIGH_ASSURANCE = 'HIGH_ASSURANCE',
}
