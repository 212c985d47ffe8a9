import { describe, expect, test, vi } from 'vitest';
import { MirroredKeys } from '../../../lib/inference/authorise/mirrored-keys';
import { EC, jwk, keySetText, RSA } from './tokens';

function mirror() {
  let now = 1_000;
  let answer: string | Error = keySetText(jwk(RSA.publicKey, 'old'));
  const load = vi.fn(async () => (answer instanceof Error ? Promise.reject(answer) : answer));
  return {
    keys: new MirroredKeys({ load, now: () => now }),
    load,
    tick: (seconds: number) => { now += seconds; },
    say: (text: string | Error) => { answer = text; },
  };
}

const ids = async (keys: MirroredKeys, id?: string) => [...(await keys.forKey(id)).keys()];

describe('the mirrored keys', () => {
  test('are read once, and again after five minutes', async () => {
    const { keys, load, tick } = mirror();
    await keys.forKey('old');
    await keys.forKey('old');
    tick(299);
    await keys.forKey('old');
    expect(load).toHaveBeenCalledTimes(1);
    tick(1);
    await keys.forKey('old');
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('that were rotated are found when the first token names them', async () => {
    const { keys, tick, say } = mirror();
    await keys.forKey('old');
    tick(40);
    say(keySetText(jwk(RSA.publicKey, 'old'), jwk(EC.publicKey, 'new')));
    expect(await ids(keys, 'new')).toEqual(['old', 'new']);
  });

  test('that were withdrawn are gone after five minutes', async () => {
    const { keys, tick, say } = mirror();
    await keys.forKey('old');
    say(keySetText(jwk(EC.publicKey, 'new')));
    tick(300);
    expect(await ids(keys, 'old')).toEqual(['new']);
  });

  test('are not read for each hostile id: once in half a minute', async () => {
    const { keys, load, tick } = mirror();
    for (let index = 0; index < 1_000; index += 1) await keys.forKey(`hostile-${index}`);
    expect(load).toHaveBeenCalledTimes(1);
    tick(30);
    await keys.forKey('hostile');
    expect(load).toHaveBeenCalledTimes(2);
  });

  test('are read once by many requests at a time', async () => {
    const { keys, load } = mirror();
    await Promise.all(Array.from({ length: 50 }, () => keys.forKey('old')));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test.each([['cannot be read', new Error('AccessDenied')], ['are broken', '<html>'], ['hold a secret', keySetText(jwk(RSA.privateKey, 'old'))]])(
    'that %s leave the old ones for an hour, then nobody gets in', async (_, answer) => {
      const { keys, tick, say } = mirror();
      await keys.forKey('old');
      say(answer);
      tick(3_599);
      expect(await ids(keys, 'old')).toEqual(['old']);
      tick(1);
      await expect(keys.forKey('old')).rejects.toMatchObject({ code: 'KEY_SET' });
    },
  );

  test.each([['cannot be read', new Error('AccessDenied'), 'AccessDenied'], ['are broken', '<html>', 'the mirrored key set is not JSON']])(
    'that %s say why in the refusal, also when nobody has looked again since', async (_, answer, message) => {
      const { keys, say } = mirror();
      say(answer);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(keys.forKey('old')).rejects.toMatchObject({ code: 'KEY_SET', cause: { message } });
      }
    },
  );

  test('that were never there let nobody in, and are found when they come', async () => {
    const { keys, tick, say } = mirror();
    say(new Error('NoSuchKey'));
    await expect(keys.forKey('old')).rejects.toMatchObject({ code: 'KEY_SET' });
    say(keySetText(jwk(RSA.publicKey, 'old')));
    tick(30);
    expect(await ids(keys, 'old')).toEqual(['old']);
  });
});
