import { App, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { addDataEventRecorder, dataEventRecordersBeside, dataEventSourcesOf, declareDataEvents } from '../../lib/core/data-event-registry';

const env = { account: '111111111111', region: 'eu-central-1' };

function recorderIn(scope: Construct, id = 'Recorder'): Construct {
  const recorder = new Construct(scope, id);
  addDataEventRecorder(recorder);
  return recorder;
}

function bucketIn(scope: Construct, prefix?: string, id = 'Bucket'): Bucket {
  const bucket = new Bucket(scope, id);
  declareDataEvents(bucket, prefix);
  return bucket;
}

const recorded = (recorder: Construct) => dataEventSourcesOf(recorder).map(({ bucket, prefix }) => [bucket.node.path, prefix]);

describe('what a recorder is to record', () => {
  test.each([[true], [false]])('does not depend on who was there first (bucket first: %s)', (bucketFirst) => {
    const stack = new Stack(new App(), 'Stack', { env });
    if (bucketFirst) bucketIn(stack, 'models/');
    const recorder = recorderIn(stack);
    if (!bucketFirst) bucketIn(stack, 'models/');
    expect(recorded(recorder)).toEqual([['Stack/Bucket', 'models/']]);
  });

  test('reaches other stacks of the same account and region, also when these are not known', () => {
    const app = new App();
    const known = recorderIn(new Stack(app, 'Known', { env }));
    const agnostic = recorderIn(new Stack(app, 'Agnostic'));
    bucketIn(new Stack(app, 'KnownToo', { env }));
    bucketIn(new Stack(app, 'AgnosticToo'));
    bucketIn(new Stack(app, 'Region', { env: { ...env, region: 'eu-west-1' } }));
    bucketIn(new Stack(app, 'Account', { env: { ...env, account: '222222222222' } }));
    expect(recorded(known)).toEqual([['KnownToo/Bucket', '']]);
    expect(recorded(agnostic)).toEqual([['AgnosticToo/Bucket', '']]);
  });

  test('stays within the stage', () => {
    const app = new App();
    const outside = recorderIn(new Stack(app, 'Outside', { env }));
    const stage = new Stage(app, 'Stage', { env });
    const inside = recorderIn(new Stack(stage, 'Recorder'));
    bucketIn(new Stack(stage, 'Inside'));
    expect(recorded(outside)).toEqual([]);
    expect(recorded(inside)).toEqual([['Stage/Inside/Bucket', '']]);
  });

  test('is for one recorder alone: the nearest, and of two as near the first', () => {
    const app = new App();
    const [a, b, c] = ['A', 'B', 'C'].map((id) => new Stack(app, id, { env }));
    const first = recorderIn(a);
    const second = recorderIn(b);
    bucketIn(b);
    bucketIn(c);
    expect(recorded(first)).toEqual([['C/Bucket', '']]);
    expect(recorded(second)).toEqual([['B/Bucket', '']]);
  });
});

test('recorders beside one are those of its stage, account and region', () => {
  const app = new App();
  const first = recorderIn(new Stack(app, 'First', { env }));
  const second = recorderIn(new Stack(app, 'Second', { env }));
  recorderIn(new Stack(app, 'Abroad', { env: { ...env, region: 'eu-west-1' } }));
  expect(dataEventRecordersBeside(second)).toEqual([first]);
});

test('nothing is recorded where nobody declares anything', () => {
  expect(dataEventSourcesOf(new Construct(new Stack(), 'Recorder'))).toEqual([]);
});
