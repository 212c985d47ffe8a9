import type { AccountFacts } from './needed-permissions';
import type { MotoServer } from './moto-server';

/** What a model answers. */
export interface ModelAnswer {
  readonly body: string;
  /** @default 'application/json' */
  readonly contentType?: string;
}

/** Has moto answer the next invocations of endpoints with these, in order: it runs no model. */
export async function answerWith(moto: MotoServer, { accountId, region }: AccountFacts, ...answers: readonly ModelAnswer[]): Promise<void> {
  const results = answers.map(({ body, contentType = 'application/json' }) => ({ Body: body, ContentType: contentType, InvokedProductionVariant: 'main' }));
  const { ok, status } = await fetch(`http://${moto.host}:${moto.port}/moto-api/static/sagemaker/endpoint-results`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account_id: accountId, region, results }),
  });
  if (!ok) throw new Error(`moto_server took no answers of a model: it answered ${status}`);
}
