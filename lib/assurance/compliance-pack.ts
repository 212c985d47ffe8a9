/**
 * A public rule pack of cdk-nag that can judge an app.
 *
 * Each value is the name that the pack carries in reports, and the prefix of its rule ids.
 */
export enum CompliancePack {
  /** AWS Solutions: general good practice. */
  AWS_SOLUTIONS = 'AwsSolutions',
  /** Serverless: functions, queues, topics, state machines and their failure paths. */
  SERVERLESS = 'Serverless',
  /** HIPAA Security Rule, 45 CFR 164. */
  HIPAA_SECURITY = 'HIPAA.Security',
  /** NIST SP 800-53 revision 4. */
  NIST_800_53_R4 = 'NIST.800.53.R4',
  /** NIST SP 800-53 revision 5. */
  NIST_800_53_R5 = 'NIST.800.53.R5',
  /** PCI DSS 3.2.1. */
  PCI_DSS_321 = 'PCI.DSS.321',
}
