import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildScript, type LazyExports } from './build-scripts';
import { Consumer } from './consumer';

let consumer: Consumer;
beforeAll(() => {
  consumer = Consumer.create();
}, 120_000);
afterAll(() => consumer.remove());

describe('the packed library', () => {
  test('is loaded by require', () => {
    const seen = consumer.evaluate(
      'app.cjs',
      `const { posture, models, assurance } = require('cdk-secure-ai');
      const { DataClass } = require('cdk-secure-ai/posture');
      console.log(JSON.stringify({
        same: posture.DataClass === DataClass,
        kinds: [typeof models.ModelArtifactBucket, typeof assurance.ComplianceChecks, typeof require('cdk-secure-ai/models').SigningKey],
      }));`,
    );
    expect(seen).toEqual({ same: true, kinds: ['function', 'function', 'function'] });
  });

  test('is loaded by import, with the names of the areas', () => {
    const seen = consumer.evaluate(
      'app.mjs',
      `import { posture, models, assurance } from 'cdk-secure-ai';
      import { DataClass } from 'cdk-secure-ai/posture';
      import { ModelArtifactBucket } from 'cdk-secure-ai/models';
      console.log(JSON.stringify({
        same: posture.DataClass === DataClass && models.ModelArtifactBucket === ModelArtifactBucket,
        kinds: [typeof ModelArtifactBucket, typeof assurance.ComplianceChecks],
      }));`,
    );
    expect(seen).toEqual({ same: true, kinds: ['function', 'function'] });
  });

  test('lets nobody in past its entry points', () => {
    const seen = consumer.evaluate(
      'inside.cjs',
      `const codes = ['cdk-secure-ai/dist/core/acknowledge', 'cdk-secure-ai/core', 'cdk-secure-ai/models/signing-key'].map((id) => {
        try { require(id); return 'loaded'; } catch (error) { return error.code; }
      });
      console.log(JSON.stringify(codes));`,
    );
    expect(seen).toEqual(Array(3).fill('ERR_PACKAGE_PATH_NOT_EXPORTED'));
  });
});

describe('what is loaded', () => {
  /** Files of the library, and whether cdk-nag was loaded, after each step. */
  const steps = () =>
    consumer.evaluate(
      'loaded.cjs',
      `const path = require('node:path');
      const home = path.join(__dirname, 'node_modules', 'cdk-secure-ai') + path.sep;
      const steps = [];
      const note = () => steps.push({
        own: Object.keys(require.cache).filter((file) => file.startsWith(home)).map((file) => file.slice(home.length).replaceAll(path.sep, '/')),
        nag: Object.keys(require.cache).filter((file) => file.includes('/cdk-nag/')).length,
        all: Object.keys(require.cache).length,
      });
      const library = require('cdk-secure-ai');
      note();
      library.posture.DataClass;
      note();
      library.models.ModelArtifactBucket;
      note();
      library.assurance.CheckResults;
      note();
      const { App } = require('aws-cdk-lib');
      const app = new App();
      library.assurance.ComplianceChecks.addTo(app);
      note();
      console.log(JSON.stringify(steps));`,
    ) as { own: string[]; nag: number; all: number }[];

  test('is the root alone, then what is used of each area, and cdk-nag last; the rules not at all', () => {
    const [root, posture, models, assurance, checks] = steps();
    expect(root).toEqual({ own: ['dist/index.js'], nag: 0, all: 2 });

    expect(posture.own.sort()).toEqual(['dist/index.js', 'dist/posture/data-class.js', 'dist/posture/index.js']);
    expect(posture.nag).toBe(0);

    expect(models.own).toContain('dist/models/model-artifact-bucket.js');
    expect(models.own.filter((file) => file.startsWith('dist/assurance/'))).toEqual([]);
    expect(models.nag).toBe(0);

    expect(assurance.own).toContain('dist/assurance/check-results.js');
    expect(assurance.own).not.toContain('dist/assurance/compliance-checks.js');
    expect(assurance.nag).toBe(0);

    expect(checks.own).toContain('dist/assurance/compliance-checks.js');
    expect(checks.own.filter((file) => /^dist\/assurance\/(rules|prover|template|attacks)\//.test(file))).toEqual([]);
    expect(checks.nag).toBeGreaterThan(100);
  });
});

describe('the lazy root', () => {
  const NAMED_IMPORT = `import { posture } from 'cdk-secure-ai';\nconsole.log(JSON.stringify(posture.DataClass.RESTRICTED));`;
  const plainGetters = (source: string) => source.replace(/, _n = ("\w+"), \{/g, ', $1, {');

  test('keeps its names for import by its form: with plain getters they are lost before Node 24', () => {
    const file = path.join(consumer.library, 'dist', 'index.js');
    const good = fs.readFileSync(file, 'utf8');
    consumer.write('named.mjs', NAMED_IMPORT);
    expect(consumer.node('named.mjs').stdout.trim()).toBe('"restricted"');
    const plain = plainGetters(good);
    expect(plain).not.toBe(good);
    try {
      fs.writeFileSync(file, plain);
      expect(consumer.evaluate('still.cjs', `console.log(JSON.stringify(require('cdk-secure-ai').posture.DataClass.RESTRICTED));`)).toBe('restricted');
      const { status, output } = consumer.node('named.mjs');
      // From Node 24 on the lexer keeps such names; the older ones that the library supports do not.
      if (Number(process.versions.node.split('.')[0]) >= 24) {
        expect(status).toBe(0);
      } else {
        expect(status).not.toBe(0);
        expect(output).toMatch(/SyntaxError: .*posture/);
      }
    } finally {
      fs.writeFileSync(file, good);
    }
  });

  const EAGER = `"use strict";
var __createBinding = 0;
var __importStar = 0;
Object.defineProperty(exports, "__esModule", { value: true });
exports.second = exports.first = void 0;
exports.first = __importStar(require("./first"));
exports.second = __importStar(require("./second"));
`;

  test('is made from the form that the compiler gives', async () => {
    const { makeRootLazy } = await buildScript<LazyExports>('lazy-exports.mjs');
    const file = consumer.write('fixture/index.js', EAGER);
    consumer.write('fixture/first.js', `globalThis.loads = (globalThis.loads ?? 0) + 1;\nexports.value = 1;\n`);
    consumer.write('fixture/second.js', `throw new Error('loaded');\n`);
    makeRootLazy(file);
    const seen = consumer.evaluate(
      'fixture/run.cjs',
      `const root = require('./index');
      console.log(JSON.stringify([Object.keys(root), globalThis.loads ?? 0, root.first.value, root.first === root.first, globalThis.loads]));`,
    );
    expect(seen).toEqual([['first', 'second'], 0, 1, true, 1]);
  });

  test.each([
    ['a require that is not a star import', EAGER.replace('__importStar(require("./second"))', 'require("./second")')],
    ['one name more than modules', EAGER.replace('exports.second =', 'exports.third = exports.second =')],
    ['a module that no name is announced for', EAGER.replace('exports.second = exports.first', 'exports.first')],
    ['a re-export of everything', `${EAGER}__exportStar(require("./third"), exports);\n`],
    ['no announcement of names', EAGER.replace('exports.second = exports.first = void 0;\n', '')],
    ['a root that is lazy already', EAGER.replace(/exports\.(\w+) = __importStar\((.+)\);/g, 'Object.defineProperty(exports, "$1", { get: () => $2 });')],
  ])('is refused for %s', async (_, source) => {
    const { makeRootLazy } = await buildScript<LazyExports>('lazy-exports.mjs');
    const file = consumer.write('refused/index.js', source);
    expect(() => makeRootLazy(file)).toThrow(/does not have the form that jsii gave it so far/);
    expect(fs.readFileSync(file, 'utf8')).toBe(source);
  });
});

describe('the lazy areas', () => {
  test('export what their files do, under the same names by require and by import', () => {
    const seen = consumer.evaluate(
      'areas.mjs',
      `import { createRequire } from 'node:module';
      import * as path from 'node:path';
      const require = createRequire(import.meta.url);
      const areas = Object.keys(require('cdk-secure-ai'));
      const home = path.join(path.dirname(require.resolve('cdk-secure-ai/package.json')), 'dist');
      const seen = {};
      for (const area of areas) {
        const required = require('cdk-secure-ai/' + area);
        const imported = await import('cdk-secure-ai/' + area);
        const names = Object.keys(required).sort();
        const missing = names.filter((name) => imported[name] === undefined || imported[name] !== required[name] || typeof required[name] === 'undefined');
        seen[area] = { names: names.length, missing };
      }
      console.log(JSON.stringify(seen));`,
    ) as Record<string, { names: number; missing: string[] }>;
    expect(Object.keys(seen)).toEqual(expect.arrayContaining(['posture', 'models', 'training', 'inference', 'assurance', 'testing']));
    for (const [area, { names, missing }] of Object.entries(seen)) {
      expect(names, area).toBeGreaterThan(0);
      expect(missing, area).toEqual([]);
    }
  });

  const AREA = `"use strict";
var __createBinding = 0;
var __exportStar = 0;
Object.defineProperty(exports, "__esModule", { value: true });
__exportStar(require("./shapes"), exports);
__exportStar(require("./first"), exports);
__exportStar(require("./second"), exports);
`;
  const announced = (name: string, more: string) => `exports.${name} = void 0;\n${more}\nexports.${name} = class {};\n`;

  test('are made from the form that the compiler gives: a file is loaded when one of its names is used', async () => {
    const { makeAreaLazy } = await buildScript<LazyExports>('lazy-exports.mjs');
    const file = consumer.write('area/index.js', AREA);
    consumer.write('area/shapes.js', `Object.defineProperty(exports, "__esModule", { value: true });\n`);
    consumer.write('area/first.js', announced('First', 'globalThis.loads = (globalThis.loads ?? 0) + 1;'));
    consumer.write('area/second.js', announced('Second', `throw new Error('loaded');`));
    makeAreaLazy(file);
    const seen = consumer.evaluate(
      'area/run.cjs',
      `const area = require('./index');
      console.log(JSON.stringify([Object.keys(area), globalThis.loads ?? 0, typeof area.First, area.First === area.First, globalThis.loads]));`,
    );
    expect(seen).toEqual([['First', 'Second'], 0, 'function', true, 1]);
  });

  test.each([
    ['a name of its own', `${AREA}exports.own = 1;\n`, announced('First', '')],
    ['a require that is no re-export', `${AREA}const x = require("./x");\n`, announced('First', '')],
    ['no re-export at all', AREA.replace(/__exportStar\(.*\n/g, ''), announced('First', '')],
    ['a file that exports what it does not announce', AREA, `${announced('First', '')}exports.Other = 1;\n`],
    ['a file that re-exports', AREA, `__exportStar(require("./x"), exports);\n`],
  ])('are refused for %s', async (_, source, first) => {
    const { makeAreaLazy } = await buildScript<LazyExports>('lazy-exports.mjs');
    const file = consumer.write('refused-area/index.js', source);
    for (const name of ['shapes', 'second']) consumer.write(`refused-area/${name}.js`, '');
    consumer.write('refused-area/first.js', first);
    expect(() => makeAreaLazy(file)).toThrow(/mend scripts\/lazy-exports\.mjs/);
    expect(fs.readFileSync(file, 'utf8')).toBe(source);
  });
});
