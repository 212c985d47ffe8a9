import { expect, test } from 'vitest';
import { storageOf } from '../../lib/core/instance-storage';

test.each([
  ['ml.g5.xlarge', 'LOCAL'], ['ml.g4dn.12xlarge', 'LOCAL'], ['ml.p4de.24xlarge', 'LOCAL'], ['ml.p5.48xlarge', 'LOCAL'], ['ml.trn1.32xlarge', 'LOCAL'], ['ml.m5d.large', 'LOCAL'],
  ['ml.r6gd.large', 'LOCAL'], ['ml.c6id.large', 'LOCAL'], ['ml.m5.large', 'VOLUME'], ['ml.p3.2xlarge', 'VOLUME'], ['ml.inf2.xlarge', 'VOLUME'], ['ml.c5n.large', 'VOLUME'],
  ['ml.z9.large', 'UNKNOWN'], ['m5.large', 'UNKNOWN'], ['', 'UNKNOWN'], ['ml.constructor.large', 'UNKNOWN'],
])('%s: %s', (type, storage) => expect(storageOf(type)).toBe(storage));
