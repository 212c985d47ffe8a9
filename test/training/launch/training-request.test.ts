import { describe, expect, test } from 'vitest';
import { toTrainingRequest } from '../../../lib/training/launch/training-request';

const digest = `sha256:${'a'.repeat(64)}`;
const valid = { job: 'fraud', run: 'r1', image: `111111111111.dkr.ecr.eu-central-1.amazonaws.com/team/train@${digest}`, instanceType: 'ml.m5.xlarge' };

test('a small request is read, with one instance and 30 GiB', () => {
  expect(toTrainingRequest(valid)).toEqual({
    job: 'fraud', run: 'r1', image: { repository: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/team/train', digest },
    instanceType: 'ml.m5.xlarge', instanceCount: 1, volumeGib: 30, hyperparameters: {},
  });
});

test('every field is read', () => {
  const full = { ...valid, instanceCount: 4, volumeGib: 200, maxRuntimeSeconds: 3600, hyperparameters: { epochs: '3', 'learning-rate': '0.1' } };
  expect(toTrainingRequest(full)).toMatchObject({ instanceCount: 4, volumeGib: 200, maxRuntimeSeconds: 3600, hyperparameters: { epochs: '3', 'learning-rate': '0.1' } });
});

describe('a request that is not one', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the request must be an object, got nothing'],
    ['a list', [valid], 'the request must be an object, got a list of 1'],
    ['a raw parameter of SageMaker', { ...valid, EnableNetworkIsolation: false }, 'unknown field "EnableNetworkIsolation"'],
    ['a prototype', JSON.parse(`{"__proto__": {"job": "x"}, "job": "fraud"}`), 'unknown field "__proto__"'],
    ['no job', { ...valid, job: undefined }, 'job must be 2 to 20'],
    ['a job in capitals', { ...valid, job: 'Fraud' }, 'job must be'],
    ['a job of 21 letters', { ...valid, job: 'a'.repeat(21) }, 'job must be'],
    ['a run with a slash', { ...valid, run: '../x' }, 'run must be'],
    ['a run with two dashes', { ...valid, run: 'a--b' }, 'run must be'],
    ['a run of 17 letters', { ...valid, run: 'a'.repeat(17) }, 'run must be'],
    ['an instance of EC2', { ...valid, instanceType: 'm5.xlarge' }, "instanceType must be like 'ml.m5.xlarge'"],
    ['half an instance', { ...valid, instanceCount: 0.5 }, 'instanceCount must be a whole number above zero, got 0.5'],
    ['no instance', { ...valid, instanceCount: 0 }, 'instanceCount must be'],
    ['a number as text', { ...valid, volumeGib: '30' }, 'volumeGib must be'],
    ['an endless run', { ...valid, maxRuntimeSeconds: Infinity }, 'maxRuntimeSeconds must be'],
    ['hyperparameters as a text', { ...valid, hyperparameters: 'epochs=3' }, 'hyperparameters must be an object'],
    ['a hyperparameter that is no text', { ...valid, hyperparameters: { epochs: 3 } }, 'the hyperparameter "epochs" must be a text'],
    ['a hyperparameter that is too long', { ...valid, hyperparameters: { x: 'a'.repeat(2501) } }, 'at most 2500 characters'],
    ['a hyperparameter with an odd name', { ...valid, hyperparameters: { 'a b': '' } }, 'has the name "a b"'],
    ['a hyperparameter that is a prototype', { ...valid, hyperparameters: JSON.parse('{"__proto__": "x"}') }, 'has the name "__proto__"'],
    ['too many hyperparameters', { ...valid, hyperparameters: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`p${n}`, ''])) }, 'has 101 entries'],
  ])('%s', (_, request, message) => {
    expect(() => toTrainingRequest(request)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', name: 'TrainingRequestError.INVALID_REQUEST', message: expect.stringContaining(message) }));
  });

  const secret = 'hunter2-hunter2';

  test.each<[string, unknown]>([
    ['as the request', `password=${secret}`],
    ['as hyperparameters', { ...valid, hyperparameters: secret }],
    ['in hyperparameters that are a list', { ...valid, hyperparameters: [secret] }],
    ['as a hyperparameter that is an object', { ...valid, hyperparameters: { token: { value: secret } } }],
    ['as a hyperparameter that is too long', { ...valid, hyperparameters: { token: secret.repeat(200) } }],
    ['in a job that is an object', { ...valid, job: { name: 'fraud', token: secret } }],
    ['in a run that is a list', { ...valid, run: [secret] }],
    ['in an image that is an object', { ...valid, image: { uri: secret } }],
    ['in an instance type that is an object', { ...valid, instanceType: { token: secret } }],
    ['as a number of instances', { ...valid, instanceCount: secret }],
    ['in a volume that is an object', { ...valid, volumeGib: { token: secret } }],
    ['as a time', { ...valid, maxRuntimeSeconds: secret }],
    ['in a field that nobody knows', { ...valid, token: secret }],
    ['in a payload that was given as a name', { ...valid, run: JSON.stringify({ token: secret, more: 'x'.repeat(100) }) }],
    ['in a payload that was given as the name of a field', { ...valid, [JSON.stringify({ token: secret, more: 'x'.repeat(100) })]: 1 }],
    ['in a payload that was given as the name of a hyperparameter', { ...valid, hyperparameters: { [`${secret} ${'x'.repeat(100)}`]: '' } }],
  ])('a secret %s is not in the message, which Lambda logs and the execution shows', (_, request) => {
    let message = '';
    try {
      toTrainingRequest(request);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).not.toBe('');
    expect(message).not.toContain('hunter2');
  });

  test.each([
    ['by tag', 'repo:latest'], ['by tag and digest', `repo:latest@${digest}`], ['by nothing', 'repo'], ['with a short digest', 'repo@sha256:abc'],
    ['with more behind the digest', `repo@${digest}\n`], ['as a list', [`repo@${digest}`]], ['not at all', undefined], ['in capitals', `REPO@${digest}`],
  ])('an image named %s', (_, image) => {
    expect(() => toTrainingRequest({ ...valid, image })).toThrow(expect.objectContaining({ code: 'IMAGE_NOT_ALLOWED' }));
  });
});
