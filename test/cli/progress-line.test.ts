import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProgressLine } from '../../lib/cli/progress-line';
import { terminalOf } from '../../lib/cli/terminal';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** Reports a gigabyte every second and gives what was written. */
function written(isTTY: boolean, seconds: number): string {
  let text = '';
  const line = new ProgressLine(terminalOf({ write: () => undefined }, { write: (one) => (text += one), isTTY }, {}), 'hashing');
  for (let second = 1; second <= seconds; second++) {
    vi.advanceTimersByTime(1000);
    line.update(second * 1e9);
  }
  line.end();
  return text;
}

describe('progress', () => {
  test('is one line on a terminal, written over and taken away', () => {
    expect(written(true, 2)).toBe('\r\u001b[2Khashing … 1.0 GB, 1.0 GB/s\r\u001b[2Khashing … 2.0 GB, 1.0 GB/s\r\u001b[2K');
  });
  test('is a line every ten seconds elsewhere, so that a log shows life', () => {
    expect(written(false, 25)).toBe('hashing … 10.0 GB, 1.0 GB/s\nhashing … 20.0 GB, 1.0 GB/s\n');
  });
  test('is nothing for short work', () => {
    expect(written(false, 9)).toBe('');
    expect(written(true, 0)).toBe('');
  });
});
