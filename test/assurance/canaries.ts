import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack, type AppProps } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnEndpointConfig, CfnNotebookInstance } from 'aws-cdk-lib/aws-sagemaker';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { assurance } from 'cdk-secure-ai';
import type { Construct } from 'constructs';
import { afterAll } from 'vitest';

const { CompliancePack } = assurance;

/** A resource that a pack judges: with one fault planted, or without. */
export interface Canary {
  readonly pack: assurance.CompliancePack;
  /** The one rule that reports the fault. */
  readonly rule: string;
  readonly plant: (scope: Construct, faulty: boolean) => void;
}

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

/** One fault per public pack. */
export const CANARIES: readonly Canary[] = [
  {
    pack: CompliancePack.AWS_SOLUTIONS,
    rule: 'AwsSolutions-KMS5',
    plant: (scope, faulty) => new CfnKey(scope, 'Canary', { enableKeyRotation: !faulty }),
  },
  {
    pack: CompliancePack.SERVERLESS,
    rule: 'Serverless-SQSRedrivePolicy',
    plant: (scope, faulty) =>
      new CfnQueue(scope, 'Canary', {
        redrivePolicy: faulty ? undefined : { deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:111122223333:dead', maxReceiveCount: 3 },
      }),
  },
  {
    pack: CompliancePack.HIPAA_SECURITY,
    rule: 'HIPAA.Security-SageMakerEndpointConfigurationKMSKeyConfigured',
    plant: (scope, faulty) =>
      new CfnEndpointConfig(scope, 'Canary', {
        productionVariants: [{ modelName: 'm', variantName: 'v', initialVariantWeight: 1 }],
        kmsKeyId: faulty ? undefined : KEY,
      }),
  },
  {
    pack: CompliancePack.NIST_800_53_R4,
    rule: 'NIST.800.53.R4-SageMakerNotebookNoDirectInternetAccess',
    plant: (scope, faulty) =>
      new CfnNotebookInstance(scope, 'Canary', {
        instanceType: 'ml.t3.medium',
        roleArn: 'arn:aws:iam::111122223333:role/notebook',
        kmsKeyId: KEY,
        subnetId: 'subnet-1',
        directInternetAccess: faulty ? 'Enabled' : 'Disabled',
      }),
  },
  {
    pack: CompliancePack.NIST_800_53_R5,
    rule: 'NIST.800.53.R5-CloudWatchLogGroupRetentionPeriod',
    plant: (scope, faulty) => new CfnLogGroup(scope, 'Canary', { kmsKeyId: KEY, retentionInDays: faulty ? undefined : 365 }),
  },
  {
    pack: CompliancePack.PCI_DSS_321,
    rule: 'PCI.DSS.321-LambdaFunctionPublicAccessProhibited',
    plant: (scope, faulty) =>
      new CfnPermission(scope, 'Canary', {
        action: 'lambda:InvokeFunction',
        functionName: 'f',
        principal: faulty ? '*' : 'events.amazonaws.com',
      }),
  },
];

const outdirs: string[] = [];

afterAll(() => outdirs.splice(0).forEach((outdir) => fs.rmSync(outdir, { recursive: true, force: true })));

/** An app with one stack, written to a directory of its own. */
export function appWithStack(props: AppProps = {}): { readonly app: App; readonly stack: Stack; readonly outdir: string } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'checks-'));
  outdirs.push(outdir);
  const app = new App({ outdir, ...props });
  return { app, stack: new Stack(app, 'Workload'), outdir: app.outdir };
}

/** Synthesises and hands back the message of the failure, or undefined when there was none. */
export function synthFailure(app: App): string | undefined {
  try {
    app.synth();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The bytes of the results file. */
export function checksText(outdir: string): string {
  return fs.readFileSync(path.join(outdir, 'checks.json'), 'utf8');
}

/** One plugin's part of the CDK's own report. */
export interface CdkPluginReport {
  readonly pluginName: string;
  readonly violations: readonly {
    readonly ruleName: string;
    readonly violatingConstructs: readonly { readonly constructPath: string }[];
  }[];
  readonly suppressedViolations?: readonly { readonly ruleName: string; readonly reason?: string }[];
}

/** The parts of the CDK's own report. */
export function cdkReports(outdir: string): readonly CdkPluginReport[] {
  const text = fs.readFileSync(path.join(outdir, 'validation-report.json'), 'utf8');
  return (JSON.parse(text) as { readonly pluginReports: readonly CdkPluginReport[] }).pluginReports;
}
