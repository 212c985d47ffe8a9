import { describe, expect, test } from 'vitest';
import type { Provenance} from '../../../lib/models/signing/provenance';
import { writeProvenance } from '../../../lib/models/signing/provenance';
import { signModel } from '../../../lib/models/signing/sign-model';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import type { SigningErrorCode } from '../../../lib/models/signing/signing-error';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { verifyProvenance } from '../../../lib/models/signing/verify-provenance';
import { MemoryArtifactStore } from './memory-artifact-store';
import { expectRefusal } from './refusal';
import { payloadOf, resigned } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const BUILDER = 'arn:aws:states:eu-central-1:111122223333:stateMachine:training:7';
const DIGEST = 'a'.repeat(64);
const subject = [{ name: 'fraud-model/3', digest: { sha256: DIGEST } }];
const provenance: Provenance = {
  buildType: 'https://example.com/buildtypes/sagemaker-training/v1',
  externalParameters: { hyperParameters: { epochs: '3' }, channels: [{ name: 'train', uri: 's3://data/train' }] },
  internalParameters: { networkIsolation: true },
  resolvedDependencies: [{ uri: 'git+https://example.com/repo@refs/heads/main', digest: { gitCommit: 'b'.repeat(40) } }],
  builderId: BUILDER,
  invocationId: 'arn:aws:sagemaker:eu-central-1:111122223333:training-job/j',
  startedOn: new Date('2026-01-01T00:00:00.500Z'),
  finishedOn: new Date('2026-01-01T01:00:00Z'),
  byproducts: [{ name: 'metrics', digest: { sha256: 'c'.repeat(64) } }],
};
const options = { trust: { publicKey: key.publicKey }, subjectDigest: DIGEST, builderIds: [BUILDER] };

interface Predicate {
  readonly buildDefinition: Record<string, unknown>;
  readonly runDetails: Record<string, unknown> & { readonly metadata: Record<string, unknown> };
}

function statementOf(bundle: Parameters<typeof payloadOf>[0]): { readonly predicate: Predicate } {
  return JSON.parse(payloadOf(bundle).toString()) as { readonly predicate: Predicate };
}

describe('provenance', () => {
  test('is signed and verified like any statement, and gives builder and times', async () => {
    const bundle = await signStatement(writeProvenance(subject, provenance), key.signer);
    expect(statementOf(bundle).predicate).toEqual({
      buildDefinition: {
        buildType: provenance.buildType,
        externalParameters: provenance.externalParameters,
        internalParameters: provenance.internalParameters,
        resolvedDependencies: provenance.resolvedDependencies,
      },
      runDetails: {
        builder: { id: BUILDER },
        metadata: { invocationId: provenance.invocationId, startedOn: '2026-01-01T00:00:00Z', finishedOn: '2026-01-01T01:00:00Z' },
        byproducts: provenance.byproducts,
      },
    });
    expect(verifyProvenance(bundle, options)).toEqual({
      builderId: BUILDER, buildType: provenance.buildType, startedOn: new Date('2026-01-01T00:00:00Z'), finishedOn: provenance.finishedOn,
    });
  });

  test('is refused for another model, another builder, another kind of build and another key', async () => {
    const bundle = await signStatement(writeProvenance(subject, provenance), key.signer);
    await expectRefusal(() => verifyProvenance(bundle, { ...options, subjectDigest: 'd'.repeat(64) }), 'SUBJECT_MISMATCH');
    await expectRefusal(() => verifyProvenance(bundle, { ...options, builderIds: [`${BUILDER}0`] }), 'BUILDER_NOT_TRUSTED');
    await expectRefusal(() => verifyProvenance(bundle, { ...options, builderIds: [] }), 'BUILDER_NOT_TRUSTED');
    await expectRefusal(() => verifyProvenance(bundle, { ...options, buildTypes: ['https://example.com/other'] }), 'BUILDER_NOT_TRUSTED');
    await expectRefusal(() => verifyProvenance(bundle, { ...options, trust: { publicKey: newTestKey().publicKey } }), 'KEY_HINT_MISMATCH');
  });

  test('does not pass for a model signature, nor a model signature for it', async () => {
    const store = new MemoryArtifactStore([['a', 'x']]);
    const statement = await signStatement(writeProvenance(subject, provenance), key.signer);
    await expectRefusal(() => verifyModel(store, statement, { trust: options.trust }), 'PREDICATE_TYPE_REFUSED', 'statement');
    const { bundle } = await signModel(store, key.signer);
    await expectRefusal(() => verifyProvenance(bundle, options), 'PREDICATE_TYPE_REFUSED', 'statement');
  });

  test.each<[string, Partial<Provenance>]>([
    ['a build type that is no URI', { buildType: 'training' }],
    ['a builder that is no URI', { builderId: 'me' }],
    ['an end before the start', { finishedOn: new Date('2025-12-31T00:00:00Z') }],
    ['a time that is none', { startedOn: new Date(NaN) }],
    ['a digest that is not hexadecimal', { byproducts: [{ digest: { sha256: 'Z'.repeat(64) } }] }],
    ['a short SHA-256', { byproducts: [{ digest: { sha256: 'ab' } }] }],
    ['an empty digest set', { byproducts: [{ digest: {} }] }],
    ['a resource that names nothing', { resolvedDependencies: [{ name: 'x' }] }],
  ])('is not written with %s', async (_, change) => {
    await expectRefusal(() => writeProvenance(subject, { ...provenance, ...change }), 'PREDICATE_INVALID');
  });

  test('is not written without subject or without its digest', async () => {
    await expectRefusal(() => writeProvenance([], provenance), 'SUBJECT_COUNT');
    await expectRefusal(() => writeProvenance([{ name: 'm', digest: { sha512: 'ab' } }], provenance), 'FIELD_MISSING');
    await expectRefusal(() => writeProvenance([{ name: '', digest: { sha256: DIGEST } }], provenance), 'FIELD_INVALID');
  });

  test.each<[string, (predicate: Predicate) => void, SigningErrorCode]>([
    ['no builder', (predicate) => { delete predicate.runDetails.builder; }, 'FIELD_MISSING'],
    ['no external parameters', (predicate) => { delete predicate.buildDefinition.externalParameters; }, 'FIELD_MISSING'],
    ['parameters as text', (predicate) => { predicate.buildDefinition.externalParameters = 'all'; }, 'FIELD_INVALID'],
    ['dependencies as an object', (predicate) => { predicate.buildDefinition.resolvedDependencies = {}; }, 'FIELD_INVALID'],
    ['a local time', (predicate) => { predicate.runDetails.metadata.startedOn = '2026-01-01 00:00'; }, 'PREDICATE_INVALID'],
  ])('is refused with %s', async (_, change, code) => {
    const bundle = await signStatement(writeProvenance(subject, provenance), key.signer);
    const payload = statementOf(bundle);
    change(payload.predicate);
    await expectRefusal(() => verifyProvenance(resigned(bundle, JSON.stringify(payload), key.privateKey), options), code, 'statement');
  });

  test('may have fields of later versions', async () => {
    const bundle = await signStatement(writeProvenance(subject, provenance), key.signer);
    const payload = statementOf(bundle);
    payload.predicate.runDetails.later = { a: 1 };
    expect(verifyProvenance(resigned(bundle, JSON.stringify(payload), key.privateKey), options).builderId).toBe(BUILDER);
  });
});
