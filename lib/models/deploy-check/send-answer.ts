import * as https from 'node:https';
import { DeployCheckError } from './deploy-check-error';
import type { DeploymentAnswer } from './deployment-answer';

/** Waits before each further attempt. Unit: milliseconds. */
const WAITS = [500, 1_000, 2_000, 4_000];
/** For one attempt. Unit: milliseconds. */
const ATTEMPT_TIMEOUT = 5_000;

/**
 * Puts an answer where CloudFormation waits for it.
 *
 * @throws DeployCheckError CHECK_FAILED when it was not taken; Lambda then runs the check again
 */
export async function sendAnswer(url: string, answer: DeploymentAnswer): Promise<void> {
  const body = Buffer.from(JSON.stringify(answer));
  for (let attempt = 0; ; attempt += 1) {
    const problem = await put(url, body).then((status) => (status >= 200 && status < 300 ? undefined : `status ${status}`), (error: Error) => error.message);
    if (problem === undefined) return;
    if (attempt === WAITS.length) {
      throw new DeployCheckError('CHECK_FAILED', `CloudFormation did not take the answer: ${problem}; the function must reach its answer bucket`);
    }
    await new Promise((resolve) => setTimeout(resolve, WAITS[attempt]));
  }
}

function put(url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    // The signature of the URL is over an empty content type.
    const request = https.request(url, { method: 'PUT', headers: { 'content-type': '', 'content-length': body.length }, timeout: ATTEMPT_TIMEOUT }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no connection in time')));
    request.on('error', reject);
    request.end(body);
  });
}
