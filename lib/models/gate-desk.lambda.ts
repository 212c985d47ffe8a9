import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { GATE_DESK_ENV } from './gate-desk.contract';
import { isSessionOf } from './gate/approver-roles';
import { serveDesk } from './gate/gate-desk';
import { GateError } from './gate/gate-error';
import { S3RecordStore } from './gate/s3-record-store';

/** The part of a function URL's event that is read. Lambda fills the authoriser's part from the signature of the request. */
interface FunctionUrlEvent {
  readonly requestContext?: { readonly authorizer?: { readonly iam?: { readonly userArn?: string } } };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const s3 = new S3Client({});

/** Serves one call of the desk over its function URL; see `serveDesk`. */
export async function handler(event: FunctionUrlEvent): Promise<HttpAnswer> {
  const callerArn = event.requestContext?.authorizer?.iam?.userArn ?? '';
  const roles = requireEnvironment(GATE_DESK_ENV.APPROVER_ROLES).split(',');
  const ports = {
    records: new S3RecordStore(s3, requireEnvironment(GATE_DESK_ENV.RECORDS_BUCKET)),
    now: () => new Date(),
    random: randomBytes,
    isApprover: (arn: string) => roles.some((role) => isSessionOf(arn, role)),
  };
  try {
    const answered = await serveDesk({ callerArn, body: parse(event) }, ports);
    console.log(JSON.stringify({ served: callerArn, fields: Object.keys(answered) }));
    return answer(200, answered);
  } catch (error) {
    // Anything else may tell of the inside: Lambda answers it with a bare 502 and logs it.
    if (!(error instanceof GateError)) throw error;
    console.log(JSON.stringify({ refused: callerArn, code: error.code }));
    return answer(error.code === 'REQUEST_INVALID' ? 400 : 403, { code: error.code, message: error.message });
  }
}

function parse({ body = '', isBase64Encoded = false }: FunctionUrlEvent): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body) as unknown;
  } catch (cause) {
    throw new GateError('REQUEST_INVALID', 'the body is not JSON', { cause });
  }
}

function answer(statusCode: number, document: object): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(document) };
}
