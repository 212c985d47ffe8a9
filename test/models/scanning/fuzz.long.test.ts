import { describe, expect, test } from 'vitest';
import { fuzz } from './fixtures/fuzz';

const MEMORY_CAP = 1024 * 1024 * 1024;

describe('mutated files, the long run', () => {
  test('100,000 mutants neither throw, hang, exceed the memory cap, nor turn dangerous files into safe ones', { timeout: 45 * 60_000 }, async () => {
    let peak = 0;
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    const figures = await fuzz(100_000, 7);
    clearInterval(sampler);
    console.log(`mutants ${figures.runs}, verdicts ${JSON.stringify(figures.verdicts)}, largest read ${figures.largestRead}, peak ${Math.round(peak / 1e6)} MB`);
    expect(figures.runs).toBe(100_000);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MEMORY_CAP);
  });
});
