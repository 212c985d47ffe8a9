/** `secure-ai doctor`, as it ships, against moto: what it says of an account before and after that account has what the templates make. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { startMoto, type MotoServer } from './handlers/moto-server';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand } from './run-command';

export const name = 'doctor on moto';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';

/** What somebody else made in the account before. */
const SEED = `
import boto3
client = lambda service: boto3.client(service, region_name="${REGION}")
client("guardduty").create_detector(Enable=True)
client("config").put_configuration_recorder(ConfigurationRecorder={"name": "theirs", "roleARN": "arn:aws:iam::${ACCOUNT}:role/config"})
client("s3").create_bucket(Bucket="trail-bucket", CreateBucketConfiguration={"LocationConstraint": "${REGION}"})
client("cloudtrail").create_trail(Name="theirs", S3BucketName="trail-bucket")
client("securityhub").enable_security_hub()
client("macie2").enable_macie()
client("apigateway").update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": "arn:aws:iam::${ACCOUNT}:role/logs"}])
for _ in range(5): client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
`;

/** moto's accounts have Macie from the start; those of AWS have not. */
const WITHOUT_MACIE = `
import boto3
boto3.client("macie2", region_name="${REGION}").disable_macie()
`;

const SINGLETONS = {
  Detector: { Type: 'AWS::GuardDuty::Detector', Properties: { Enable: true } },
  Recorder: { Type: 'AWS::Config::ConfigurationRecorder', Properties: { RoleARN: `arn:aws:iam::${ACCOUNT}:role/config` } },
  Hub: { Type: 'AWS::SecurityHub::Hub' },
  Session: { Type: 'AWS::Macie::Session' },
  Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: 'logs', IsLogging: true } },
  Account: { Type: 'AWS::ApiGateway::Account', Properties: { CloudWatchRoleArn: `arn:aws:iam::${ACCOUNT}:role/mine` } },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
};

interface Doctor {
  readonly status: number;
  readonly verdict: string;
  readonly observations: readonly { readonly check: string; readonly status: string; readonly text: string }[];
}

export async function run(context: InteropContext): Promise<InteropResult> {
  const tally = new Tally();
  const templates = path.join(context.temp, 'templates');
  fs.mkdirSync(templates);
  fs.writeFileSync(path.join(templates, 'Platform.template.json'), JSON.stringify({ Resources: SINGLETONS }));

  const moto = await startMoto(context, ACCOUNT);
  try {
    await runCommand(context.python, ['-c', WITHOUT_MACIE], { env: environment(moto) });
    const before = await doctor(context, moto, templates);
    tally.says('an empty account', before, 'identity', 'OK', `in the account ${ACCOUNT}`);
    tally.says('a key that does not expire', before, 'identity.longLived', 'WARN', 'does not expire');
    for (const type of singletonTypes()) tally.says('an empty account', before, `singleton.${type}`, 'OK', 'does not exist');
    tally.says('one VPC beside the default one', before, 'quota.vpcs', 'OK', '1 of 5 VPCs');

    await runCommand(context.python, ['-c', SEED], { env: environment(moto) });
    const after = await doctor(context, moto, templates);
    tally.check('an account that has everything is not ready', after.status === 1 && after.verdict === 'NOT_READY', after);
    const statuses: Readonly<Record<string, string>> = { 'AWS::CloudTrail::Trail': 'WARN', 'AWS::ApiGateway::Account': 'WARN' };
    for (const type of singletonTypes()) tally.says('an account that has it', after, `singleton.${type}`, statuses[type] ?? 'FAIL', 'exists (');
    tally.says('a sixth VPC', after, 'quota.vpcs', 'WARN', '6 of 5 VPCs');
  } finally {
    await moto.stop();
  }
  return tally;
}

function singletonTypes(): string[] {
  return Object.values(SINGLETONS).map(({ Type }) => Type).filter((type) => type !== 'AWS::EC2::VPC');
}

function environment({ host, port }: MotoServer): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://${host}:${port}`, AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'none',
  };
}

async function doctor(context: InteropContext, moto: MotoServer, place: string): Promise<Doctor> {
  const command = path.join(context.root, 'dist', 'cli', 'secure-ai.js');
  const { status, stdout } = await runCommand(process.execPath, [command, 'doctor', place, '--json'], { env: environment(moto), answers: [0, 1, 2] });
  return { status, ...(JSON.parse(stdout) as Omit<Doctor, 'status'>) };
}

class Tally implements InteropResult {
  public passed = 0;
  public readonly failed: string[] = [];

  public says(when: string, { observations }: Doctor, check: string, status: string, text: string): void {
    const found = observations.filter((one) => one.check === check);
    this.check(`${when}: ${check} is ${status}, ${text}`, found.length > 0 && found.every((one) => one.status === status && one.text.includes(text)), found);
  }

  public check(what: string, holds: boolean, instead: unknown): void {
    if (holds) this.passed += 1;
    else this.failed.push(`${what}, got ${JSON.stringify(instead).slice(0, 800)}`);
  }
}
