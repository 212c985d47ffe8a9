/**
 * Every bundled handler, run against moto through the real SDK, and its synthesised role held against the calls that it made: no call
 * without a permission, no permission without a call.
 */
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HandlerContract } from '../../lib/core/handler-contract';
import { permitsOf } from '../../lib/core/handler-contract';
import type { AnsweredCall } from './handlers/api-call';
import { AwsGateway, HANDLER_KEY, SEED_KEY } from './handlers/aws-gateway';
import { invoke } from './handlers/bundled-handler';
import { AUTHORISE_CASE } from './handlers/cases/authorise-case';
import { DEEP_CHECK_CASE } from './handlers/cases/deep-check-case';
import { DEPLOY_CHECK_CASE } from './handlers/cases/deploy-check-case';
import { DEPLOY_CHECK_JUDGED_CASE } from './handlers/cases/deploy-check-judged-case';
import { GATE_CHECK_CASE } from './handlers/cases/gate-check-case';
import { GATE_DESK_CASE } from './handlers/cases/gate-desk-case';
import { GATE_SIGN_CASE } from './handlers/cases/gate-sign-case';
import { LAUNCH_CASE } from './handlers/cases/launch-case';
import { PROMOTE_CASE } from './handlers/cases/promote-case';
import { PROMOTE_JUDGED_CASE } from './handlers/cases/promote-judged-case';
import { PROXY_CASE } from './handlers/cases/proxy-case';
import { RETIRE_CASE, RETIRE_CERTIFY_CASE } from './handlers/cases/retire-case';
import { SCAN_CASE } from './handlers/cases/scan-case';
import { SCAN_FINDING_CASE } from './handlers/cases/scan-finding-case';
import { SCAN_MALWARE_CASE } from './handlers/cases/scan-malware-case';
import { SCAN_VERDICT_CASE } from './handlers/cases/scan-verdict-case';
import { SIGN_HASH_CASE } from './handlers/cases/sign-hash-case';
import { SIGN_MODEL_CASE } from './handlers/cases/sign-model-case';
import { SWEEP_CASE } from './handlers/cases/sweep-case';
import type { DeployedFunction } from './handlers/deployed-function';
import { deploy, ENVIRONMENT } from './handlers/deployed-function';
import type { HandlerCase, Stage } from './handlers/handler-case';
import { changedRole, judgeRole } from './handlers/judge-role';
import type { MotoServer } from './handlers/moto-server';
import { startMoto } from './handlers/moto-server';
import type { InteropContext, InteropResult } from './interop-context';

export const name = 'handlers on moto';

/** One entry for each handler; a handler without one fails the suite. */
const CASES: readonly HandlerCase[] = [
  DEEP_CHECK_CASE, DEPLOY_CHECK_CASE, DEPLOY_CHECK_JUDGED_CASE, GATE_CHECK_CASE, GATE_DESK_CASE, GATE_SIGN_CASE, LAUNCH_CASE, PROMOTE_CASE, PROMOTE_JUDGED_CASE,
  RETIRE_CASE, RETIRE_CERTIFY_CASE, SCAN_CASE, SCAN_FINDING_CASE, SCAN_MALWARE_CASE, SCAN_VERDICT_CASE, SIGN_HASH_CASE, SIGN_MODEL_CASE,
  SWEEP_CASE, AUTHORISE_CASE, PROXY_CASE,
];

/** An action that no handler of the library makes. */
const NEEDLESS = 'sagemaker:DeleteModel';
/** An action that Lambda needs of every function's role, those that call nothing included. */
const LOGGING = 'logs:PutLogEvents';

export async function run(context: InteropContext): Promise<InteropResult> {
  const tally = new Tally();
  for (const handler of await bundledHandlers(context.root)) {
    tally.check(`${handler} has a case`, CASES.some(({ contract }) => `${contract.area}/${contract.name}` === handler));
  }
  const moto = await startMoto(context, ENVIRONMENT.accountId);
  try {
    for (const one of CASES) await playCase(context, moto, one, tally);
  } finally {
    await moto.stop();
  }
  return tally;
}

async function playCase(context: InteropContext, moto: MotoServer, one: HandlerCase, tally: Tally): Promise<void> {
  const { contract } = one;
  const check = (what: string, holds: boolean, instead?: unknown) => tally.check(`${contract.name}: ${what}`, holds, instead);
  const deployed = deploy(contract, (stack) => one.build(stack));
  await moto.reset();
  const gateway = await AwsGateway.start(moto);
  try {
    await one.play(stageOf(context, gateway, deployed, check));
  } catch (error) {
    check('its case could be played', false, error instanceof Error ? error.message : error);
  } finally {
    await gateway.stop();
  }
  check('every request was read', gateway.unread.length === 0, gateway.unread);
  const made = new Set(gateway.calls.map(({ operation }) => operation));
  const declared = new Set(contract.calls.map(({ operation }) => operation));
  check('every declared call was made', [...declared].every((operation) => made.has(operation)), [...declared].filter((operation) => !made.has(operation)));
  check('every call that was made is declared', [...made].every((operation) => declared.has(operation)), [...made].filter((operation) => !declared.has(operation)));

  await judgeCase(one, deployed, gateway.calls, check).catch((error: unknown) => check('its role could be judged', false, String(error)));
}

async function judgeCase({ contract, contextOf }: HandlerCase, deployed: DeployedFunction, calls: readonly AnsweredCall[], check: Stage['check']): Promise<void> {
  const { missing, unused } = await judgeRole(deployed, calls, contextOf);
  check('the role allows every call', missing.length === 0, missing);
  check('the role allows no more than the calls', unused.length === 0, unused);
  // The judgement itself must be able to fail, for each action.
  for (const action of [...actionsOf(contract), LOGGING]) {
    const without = await judgeRole(deployed, calls, contextOf, { template: changedRole(deployed, { without: action }), only: action });
    check(`a role without ${action} is seen`, without.missing.some((text) => text.startsWith(`${action} on `)), without.missing);
  }
  const wider = await judgeRole(deployed, calls, contextOf, { template: changedRole(deployed, { also: NEEDLESS }), only: NEEDLESS });
  check('a needless action is seen', wider.unused.some((text) => text.startsWith(`${NEEDLESS} on `)), wider.unused);
}

function stageOf(context: InteropContext, gateway: AwsGateway, deployed: Stage['deployed'], check: Stage['check']): Stage {
  const client = { region: ENVIRONMENT.region, endpoint: gateway.url, credentials: { accessKeyId: SEED_KEY, secretAccessKey: 'none' } };
  const environment = {
    ...deployed.environment,
    AWS_REGION: ENVIRONMENT.region,
    AWS_ENDPOINT_URL: gateway.url,
    AWS_ACCESS_KEY_ID: HANDLER_KEY,
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SESSION_TOKEN: 'none',
    AWS_MAX_ATTEMPTS: '1',
  };
  return {
    deployed,
    s3: new S3Client(client),
    sagemaker: new SageMakerClient(client),
    kms: new KMSClient(client),
    calls: gateway.calls,
    check,
    invoke: async (event, failures = {}, more = {}) => {
      gateway.fail(failures);
      return invoke(context.root, deployed.contract, event, { ...environment, ...more });
    },
    moto: gateway.moto,
  };
}

function actionsOf(contract: HandlerContract): string[] {
  return [...new Set(permitsOf(contract).flatMap(({ actions }) => actions))].sort();
}

async function bundledHandlers(root: string): Promise<string[]> {
  const { handlersOf } = (await import(pathToFileURL(path.join(root, 'scripts', 'bundle.mjs')).href)) as {
    handlersOf(root: string): { readonly area: string; readonly name: string }[];
  };
  return handlersOf(root).map(({ area, name: handler }) => `${area}/${handler}`);
}

class Tally implements InteropResult {
  public passed = 0;
  public readonly failed: string[] = [];

  public check(what: string, holds: boolean, instead?: unknown): void {
    if (holds) this.passed += 1;
    else this.failed.push(instead === undefined ? what : `${what}, got ${JSON.stringify(instead).slice(0, 600)}`);
  }
}
