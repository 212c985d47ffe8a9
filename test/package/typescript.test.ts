import * as fs from 'node:fs';
import * as path from 'node:path';
import { CheckResults } from 'cdk-secure-ai/assurance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Consumer, ROOT } from './consumer';

let consumer: Consumer;
beforeAll(() => {
  consumer = Consumer.create();
}, 120_000);
afterAll(() => consumer.remove());

/** An app that reaches the store by both ways in. The function at its end must not compile without types. */
const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { assurance, models, posture } from 'cdk-secure-ai';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture, type SecurityPostureProps } from 'cdk-secure-ai/posture';

const organisation: SecurityPostureProps = {
  allowedRegions: ['eu-central-1'],
  tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
};
const app = new App({ outdir: process.argv[2] });
SecurityPosture.attach(app, organisation);
const env = { account: '111111111111', region: 'eu-central-1' };
const stack = new Stack(app, 'Stores', { env });
const byRoot: models.IModelArtifactBucket = new models.ModelArtifactBucket(stack, 'Models');
const byArea: models.IModelArtifactBucket = new ModelArtifactBucket(stack, 'OtherModels');
assurance.ComplianceChecks.addTo(app);
app.synth();
console.log(JSON.stringify([byRoot.node.path, byArea.node.path, posture.DataClass.RESTRICTED]));

export function refused(stack: Stack): void {
  // @ts-expect-error a data class is not a number
  new models.ModelArtifactBucket(stack, 'A', { dataClass: 1 });
  // @ts-expect-error there is no such property
  new ModelArtifactBucket(stack, 'B', { public: true });
}
`;

const WAYS = [
  { module: 'commonjs', moduleResolution: 'node10', type: 'commonjs' },
  { module: 'nodenext', moduleResolution: 'nodenext', type: 'module' },
];

describe.each(WAYS)('an empty TypeScript 5.9 project, module $module, resolution $moduleResolution, type $type', ({ module, moduleResolution, type }) => {
  const name = `${moduleResolution}-${type}`;

  test('compiles and synthesises a model store with no open finding', () => {
    consumer.write(`${name}/package.json`, JSON.stringify({ type }));
    consumer.write(`${name}/app.ts`, APP);
    consumer.write(
      `${name}/tsconfig.json`,
      JSON.stringify({ compilerOptions: { module, moduleResolution, target: 'es2022', strict: true, skipLibCheck: true, types: ['node'] }, files: ['app.ts'] }),
    );
    const compiled = consumer.node(path.join(ROOT, 'node_modules/typescript-5.9/lib/tsc.js'), '-p', name);
    expect(compiled.output).toBe('');
    expect(compiled.status).toBe(0);

    const outdir = path.join(consumer.dir, name, 'cdk.out');
    const synthesised = consumer.node(path.join(name, 'app.js'), outdir);
    expect(synthesised.status, synthesised.output).toBe(0);
    expect(JSON.parse(synthesised.stdout)).toEqual(['Stores/Models', 'Stores/OtherModels', 'restricted']);

    const results = CheckResults.read(outdir);
    expect(results.stacks.map((stack) => stack.path)).toEqual(['Stores']);
    expect(results.totals.open).toBe(0);
    expect(results.totals.ruleEvaluations).toBeGreaterThan(1000);
    expect(results.cloudFormationFindings).toBe(0);
  }, 180_000);
});

test('a project for which the types are gone does not compile', () => {
  const types = path.join(consumer.library, 'dist', 'models', 'index.d.ts');
  const kept = fs.readFileSync(types, 'utf8');
  consumer.write('untyped/app.ts', `import { ModelArtifactBucket } from 'cdk-secure-ai/models';\nexport const store = ModelArtifactBucket;\n`);
  consumer.write(
    'untyped/tsconfig.json',
    JSON.stringify({ compilerOptions: { module: 'commonjs', moduleResolution: 'node10', strict: true, skipLibCheck: true, types: [] }, files: ['app.ts'] }),
  );
  fs.rmSync(types);
  try {
    const { status, output } = consumer.node(path.join(ROOT, 'node_modules/typescript-5.9/lib/tsc.js'), '-p', 'untyped');
    expect(status).not.toBe(0);
    expect(output).toContain("'cdk-secure-ai/models'");
  } finally {
    fs.writeFileSync(types, kept);
  }
}, 60_000);
