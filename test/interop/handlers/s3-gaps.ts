import { createHash } from 'node:crypto';
import type { WireAnswer } from './sagemaker-gaps';

/**
 * What moto 5.2.1 lacks of `GetObjectAttributes`: the parts of an object, and a time in the form of HTTP. Objects of a test that were written
 * in parts have one part, so its checksum is made of the bytes that moto holds.
 *
 * @param bytes reads the object
 */
export async function objectAttributes(answer: WireAnswer, bytes: () => Promise<Buffer>): Promise<WireAnswer> {
  if (answer.status !== 200) return answer;
  const { 'content-length': _, 'last-modified': time, ...headers } = answer.headers;
  const body = String(answer.body);
  return {
    status: 200,
    headers: { ...headers, 'last-modified': new Date(String(time)).toUTCString() },
    body: body.includes('COMPOSITE') ? body.replace('<ObjectSize>', `${partsOf(await bytes())}<ObjectSize>`) : body,
  };
}

function partsOf(content: Buffer): string {
  const sum = createHash('sha256').update(content).digest('base64');
  return '<ObjectParts><IsTruncated>false</IsTruncated><PartsCount>1</PartsCount>'
    + `<Part><PartNumber>1</PartNumber><Size>${content.length}</Size><ChecksumSHA256>${sum}</ChecksumSHA256></Part></ObjectParts>`;
}
