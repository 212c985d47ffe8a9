/** Figures of the walk of pickles, as one line of JSON: bundled, since what a loader adds to functions is a part of nobody's speed. */
import { pickleWalk } from './pickle-walk.bench';

pickleWalk().then(
  (figures) => process.stdout.write(JSON.stringify(figures)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
