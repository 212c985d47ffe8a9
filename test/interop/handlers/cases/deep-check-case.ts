import { DEEP_CHECK, DEEP_CHECK_ENV } from '../../../../lib/models/deep-check.contract';
import type { DeepCheck } from '../../../../lib/models/deep-check';
import type { DeepCheckCursor } from '../../../../lib/models/deep-check/rehash-models';
import { START } from '../../../../lib/models/deep-check/rehash-models';
import type { HandlerCase } from '../handler-case';
import { deployCheckIn, promoted } from './deploy-check-case';
import { makeBucket, putObjects } from './gate-stage';

/** A good model is read as a whole and nothing is told; one that changed is told of, and one that cannot be read fails the run. */
export const DEEP_CHECK_CASE: HandlerCase = {
  contract: DEEP_CHECK,
  build: (stack) => (deployCheckIn(stack).node.findChild('Deep') as DeepCheck).function,
  play: async (stage) => {
    const served = stage.deployed.environment[DEEP_CHECK_ENV.SERVED_BUCKET];
    await makeBucket(stage, served);
    const good = await promoted(stage, served, 'good');
    const other = await promoted(stage, served, 'other');
    // A run of the harness has a minute: longer than it takes, shorter than a file may be begun in.
    const check = async (prefixes: string[]) => {
      let cursor = START;
      for (let runs = 0; cursor.next === 'CONTINUE' && runs < 20; runs += 1) {
        const { result, ...failure } = await stage.invoke({ prefixes, cursor });
        stage.check('a run ends well', result !== undefined, failure);
        cursor = result as DeepCheckCursor;
      }
      return cursor;
    };
    const first = await check([good.prefix, other.prefix]);
    stage.check('good models are read as a whole, over several runs', first.next === 'GOOD' && first.files === 6, first);
    stage.check('and nothing is told', stage.calls.every(({ operation }) => operation !== 'PutEvents'));
    const read = new Set(stage.calls.filter(({ operation }) => operation === 'GetObject').map(({ parameters }) => parameters.Key));
    stage.check('their weights among them', read.has(`${good.prefix}weights ü.bin`), [...read]);

    await putObjects(stage, served, [[`${good.prefix}config.json`, 'changed']]);
    const changed = await check([good.prefix, other.prefix]);
    stage.check('a model that was written again is told of', changed.next === 'CHANGED' && stage.calls.some(({ operation }) => operation === 'PutEvents'), changed);
    stage.check('and the other one is read all the same', changed.files === 3, changed);
    const denied = await stage.invoke({ prefixes: [other.prefix], cursor: START }, { GetObject: { status: 403, code: 'AccessDenied' } });
    stage.check('what cannot be read fails the run', denied.errorType === 'DeployCheckError.NOT_READABLE', denied);
    const untold = await stage.invoke({ prefixes: [good.prefix], cursor: START }, { PutEvents: { status: 400, code: 'AccessDeniedException' } });
    stage.check('so does a finding that nobody took', untold.errorType === 'FindingError.NOT_DELIVERED', untold);
  },
};
