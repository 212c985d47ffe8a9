import { SIGN_HASH, SIGN_HASH_ENV } from '../../../../lib/models/sign-hash.contract';
import type { HandlerCase } from '../handler-case';
import { keysBelow, makeBucket, putObjects } from './gate-stage';
import { promotedModel, signFunction } from './sign-stage';

/** Each served version is hashed and recorded once; what is no file of a served model is not looked at. */
export const SIGN_HASH_CASE: HandlerCase = {
  contract: SIGN_HASH,
  build: (stack) => signFunction(stack, 'Hash'),
  play: async (stage) => {
    const [served, records] = [stage.deployed.environment[SIGN_HASH_ENV.SERVED_BUCKET], stage.deployed.environment[SIGN_HASH_ENV.RECORDS_BUCKET]];
    const { prefix, objects } = promotedModel();
    await makeBucket(stage, served, objects);
    await makeBucket(stage, records);
    const keys = objects.map(([key]) => key).filter((key) => key.startsWith(prefix));

    const denied = await stage.invoke({ key: keys[0] }, { GetObject: { status: 403, code: 'AccessDenied' } });
    stage.check('an object that may not be read fails the function', denied.errorType === 'AccessDenied', denied);
    for (const [round, hashed] of [true, false].entries()) {
      for (const key of keys) {
        const done = await stage.invoke({ key });
        stage.check(`${key} is ${hashed ? 'hashed' : 'not hashed again'}`, (done.result as { hashed?: boolean } | undefined)?.hashed === hashed, done);
      }
      stage.check(`there is one digest for each object (${round})`, (await keysBelow(stage, records, 'digests/')).length === keys.length);
    }
    await putObjects(stage, served, [[keys[0], 'changed']]);
    const newer = await stage.invoke({ key: keys[0] });
    stage.check('another version is hashed by itself', (newer.result as { hashed?: boolean } | undefined)?.hashed === true, newer);
    const missing = await stage.invoke({ key: `${prefix}missing` });
    stage.check('an object that is not there fails the function', missing.errorType !== undefined, missing);
    const before = stage.calls.length;
    const hostile = await stage.invoke({ key: `${prefix}../other` });
    stage.check('a hostile key fails the function before it asks anything', hostile.errorType === 'ServedModelError.INVALID_PLACE' && stage.calls.length === before, hostile);
  },
};
