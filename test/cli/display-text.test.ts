import { describe, expect, test } from 'vitest';
import { displayBytes, displayJson, displayText } from '../../lib/cli/display-text';

const HOSTILE = 'a\u001b[2J\r\n\t\u0000\u007f\u009b\u202e\u2066\u200b\ufeff\ud800z';

describe('text from outside', () => {
  test('loses what a terminal acts on, and nothing else', () => {
    expect(displayText(HOSTILE)).toMatch(/^a(\\u001b)\[2J(\\u[0-9a-f]{4})+z$/);
    expect(displayText('modèle/模型-Ω_1.onnx 🙂')).toBe('modèle/模型-Ω_1.onnx 🙂');
  });
  test('stays the same value in JSON, but for half a surrogate pair, which is no text', () => {
    const json = displayJson({ [HOSTILE]: [HOSTILE], pair: '🙂' });
    expect(JSON.parse(json)).toEqual({ [HOSTILE]: [HOSTILE.replace('\ud800', '\ufffd')], pair: '🙂' });
    expect(json.replace('🙂', '').replaceAll('\n', '').replaceAll('\ufffd', '')).toMatch(/^[\x20-\x7e]*$/);
  });
});

test.each([[0, '0 B'], [999, '999 B'], [1000, '1.0 KB'], [32_142, '32.1 KB'], [5_000_000_000, '5.0 GB'], [3e15, '3000.0 TB']])(
  '%i bytes are shown as %s', (bytes, text) => expect(displayBytes(bytes)).toBe(text));
