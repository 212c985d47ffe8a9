import { InferenceProxy } from '../../../../lib/inference/inference-proxy';
import { ModelImage, SecureInferenceEndpoint } from '../../../../lib/inference';
import { PROXY, PROXY_ENV } from '../../../../lib/inference/proxy.contract';
import type { ProxySettings } from '../../../../lib/inference/proxy/proxy-settings';
import { ApprovedModel, ModelArtifactBucket } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import { WeakerChoice } from '../../../../lib/posture';
import type { HandlerCase, Stage } from '../handler-case';
import { answerWith } from '../model-answers';

const MODEL_DIGEST = `sha256-${'0a1b2c3d'.repeat(8)}`;
const IMAGE = `111111111111.dkr.ecr.eu-central-1.amazonaws.com/models/fraud@sha256:${'4e5f6a7b'.repeat(8)}`;
const SETTINGS: ProxySettings = {
  route: '/infer/fraud',
  modelDigest: MODEL_DIGEST,
  schema: { type: 'object', properties: { prompt: { type: 'string', maxLength: 100 } }, required: ['prompt'], additionalProperties: false },
  maxRequestBytes: 1_000,
  maxAnswerBytes: 1_000,
  deadlineMs: 20_000,
};

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** A request that was judged reaches the one endpoint, anew; what is refused, or what the model or SageMaker fails on, gets a closed answer. */
export const PROXY_CASE: HandlerCase = {
  contract: PROXY,
  build: (stack) => {
    const target = new SecureInferenceEndpoint(stack, 'Fraud', {
      model: ApprovedModel.withoutProof(stack, 'Model', {
        store: new ModelArtifactBucket(stack, 'Models'),
        prefix: `models/fraud/${MODEL_DIGEST}/`,
        because: WeakerChoice.of({ reason: 'the proxy is judged here', owner: 'platform', expires: '2099-12-31' }),
      }),
      image: ModelImage.fromUri(IMAGE),
      segment: new NetworkSegment(stack, 'Network'),
    });
    return new InferenceProxy(stack, 'Proxy', { target, settings: SETTINGS }).function;
  },
  play: async (stage) => {
    await playAnswers(stage);
    await playRefusals(stage);
    await playFailures(stage);
  },
};

async function playAnswers(stage: Stage): Promise<void> {
  await answerWith(stage.moto, stage.deployed.account, { body: '{"score": 0.5, "text": "ü"}' });
  const first = await stage.invoke(eventOf('{"prompt":"first","prompt":"hé\\u006c\\u006co"}'));
  const { statusCode, body } = first.result as Answer;
  stage.check('the answer of the model is passed on', statusCode === 200 && body === '{"score":0.5,"text":"ü"}', first);
  const { parameters } = stage.calls.at(-1) ?? {};
  const asked = {
    EndpointName: stage.deployed.environment[PROXY_ENV.ENDPOINT_NAME], Body: '{"prompt":"héllo"}', ContentType: 'application/json', Accept: 'application/json',
    InferenceId: 'r-1',
  };
  stage.check('the model is asked what was judged, written anew', same(parameters, asked), parameters);

  await answerWith(stage.moto, stage.deployed.account, { body: '<html>', contentType: 'text/html' }, { body: `{"text":"${'x'.repeat(1_000)}"}` });
  const page = await stage.invoke(eventOf('{"prompt":"a page"}'));
  stage.check('an answer of another type is withheld', isRefusal(page.result, 502, 'BAD_ANSWER'), page);
  const long = await stage.invoke(eventOf('{"prompt":"a long one"}'));
  stage.check('an answer that is too long is withheld', isRefusal(long.result, 502, 'BAD_ANSWER'), long);
}

/** What does not fit is refused, and costs no call. */
async function playRefusals(stage: Stage): Promise<void> {
  const before = stage.calls.length;
  const refusals: readonly [what: string, event: unknown, status: number, code: string][] = [
    ['a field that nobody named', eventOf('{"prompt":"hello","__proto__":{"admin":true}}'), 400, 'INVALID_INPUT'],
    ['a body that is no JSON', eventOf('{"prompt":'), 400, 'MALFORMED'],
    ['a body that is too long', eventOf(JSON.stringify({ prompt: 'x'.repeat(1_000) })), 413, 'TOO_LARGE'],
    ['another route', { ...eventOf('{"prompt":"hello"}'), resource: '/infer/other' }, 404, 'NOT_FOUND'],
    ['nobody', { ...eventOf('{"prompt":"hello"}'), requestContext: { requestId: 'r-1' } }, 401, 'UNAUTHENTICATED'],
  ];
  for (const [what, event, status, code] of refusals) {
    const refused = await stage.invoke(event);
    stage.check(`${what} is refused`, isRefusal(refused.result, status, code), refused);
  }
  stage.check('what is refused costs no call', stage.calls.length === before, stage.calls.slice(before));
}

/** moto fails no invocation: the gateway answers as SageMaker does. */
async function playFailures(stage: Stage): Promise<void> {
  const failures: readonly [code: string, httpStatus: number, status: number, refusal: string][] = [
    ['ThrottlingException', 400, 429, 'BUSY'],
    ['ServiceUnavailable', 503, 429, 'BUSY'],
    ['ModelError', 424, 502, 'MODEL_FAILED'],
    ['AccessDeniedException', 403, 502, 'MODEL_FAILED'],
  ];
  for (const [code, httpStatus, status, refusal] of failures) {
    const before = stage.calls.length;
    const failed = await stage.invoke(eventOf(`{"prompt":"${code}"}`), { InvokeEndpoint: { status: httpStatus, code } });
    stage.check(`${code} ends as ${refusal}`, isRefusal(failed.result, status, refusal), failed);
    stage.check(`${code} is not tried again`, stage.calls.length === before + 1, stage.calls.slice(before));
  }
}

function eventOf(body: string): Record<string, unknown> {
  return {
    resource: SETTINGS.route,
    path: SETTINGS.route,
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json' },
    isBase64Encoded: false,
    body,
    requestContext: { requestId: 'r-1', identity: { apiKeyId: 'key-1' }, authorizer: { principalId: 'alice' } },
  };
}

function isRefusal(result: unknown, status: number, code: string): boolean {
  const { statusCode, body } = result as Answer;
  return statusCode === status && (JSON.parse(body) as { code: string }).code === code;
}

function same(value: Readonly<Record<string, unknown>> | undefined, expected: Readonly<Record<string, unknown>>): boolean {
  const sorted = (one: object) => JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  return value !== undefined && sorted(value) === sorted(expected);
}
