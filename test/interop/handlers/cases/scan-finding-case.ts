import { SCAN_FINDING } from '../../../../lib/models/scan-finding.contract';
import type { HandlerCase } from '../handler-case';
import { scanFunction } from './scan-stage';

const EVENT = {
  about: 'upload',
  reasons: ['ARTIFACTS_DANGEROUS', 'PICKLE_DENIED_GLOBAL'],
  execution: 'arn:aws:states:eu-central-1:111111111111:execution:ScannerMachine1A2B3C4D-aBcDeFgHiJkL:0a1b2c3d-0000-4000-8000-000000000000',
  startedAt: '2026-06-10T12:00:00.000Z',
};

/** A refused upload is told of on the default bus; a finding that the bus did not take fails the function. */
export const SCAN_FINDING_CASE: HandlerCase = {
  contract: SCAN_FINDING,
  build: (stack) => scanFunction(stack, 'Finding'),
  play: async (stage) => {
    const told = await stage.invoke(EVENT);
    stage.check('a refusal is told of', /^[0-9a-f]{64}$/.test(String((told.result as { finding?: string } | undefined)?.finding)), told);
    const again = await stage.invoke(EVENT);
    stage.check('the same refusal has the same id', JSON.stringify(again) === JSON.stringify(told), again);
    const untold = await stage.invoke(EVENT, { PutEvents: { status: 400, code: 'AccessDeniedException' } });
    stage.check('a finding that nobody took fails the function', untold.errorType === 'FindingError.NOT_DELIVERED', untold);
    const unsigned = await stage.invoke({ ...EVENT, about: 'signature', reasons: ['NOT_SIGNED'] });
    stage.check('so is a model without signature', /^[0-9a-f]{64}$/.test(String((unsigned.result as { finding?: string } | undefined)?.finding)), unsigned);
    const strange = await stage.invoke({ ...EVENT, about: 'constructor' });
    stage.check('what is no part of the chain fails the function', strange.errorType === 'FindingError.INVALID_FINDING', strange);
    const hostile = await stage.invoke({ ...EVENT, reasons: ['<script>'] });
    stage.check('a reason that is no code fails the function', hostile.errorType === 'FindingError.INVALID_FINDING', hostile);
  },
};
