import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack, Validations, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { assurance } from 'cdk-secure-ai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appWithStack, checksText, synthFailure } from './canaries';

const { CheckResults, ComplianceChecks, CompliancePack } = assurance;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Json {
  [key: string]: unknown;
}

function sound(props: assurance.ComplianceChecksProps = {}): string {
  const { app, stack, outdir } = appWithStack();
  ComplianceChecks.addTo(app, props);
  new CfnKey(stack, 'Key', { enableKeyRotation: true });
  new CfnKey(stack, 'Faulty', {});
  expect(synthFailure(app)).toContain('KMS');
  return outdir;
}

function edit(outdir: string, change: (content: Json) => void): void {
  const content = JSON.parse(checksText(outdir)) as Json;
  change(content);
  fs.writeFileSync(path.join(outdir, 'checks.json'), JSON.stringify(content));
}

/** Takes packs out of the file so that its sums still hold. */
function dropPack(content: Json, name: string): void {
  const packs = content.packs as assurance.PackResult[];
  const [dropped] = packs.splice(
    packs.findIndex((pack) => pack.name === name),
    1,
  );
  const totals = content.totals as Record<string, number>;
  totals.packs -= 1;
  totals.rules -= dropped.rulesInPack;
  totals.ruleEvaluations -= dropped.ruleEvaluations;
  totals.applicableEvaluations -= dropped.applicableEvaluations;
  totals.open -= dropped.open.reduce((sum, finding) => sum + finding.resources.length, 0);
}

describe('a pack that did not run', () => {
  test('because its registration is gone leaves no results at all', () => {
    const addPlugins = Validations.prototype.addPlugins;
    vi.spyOn(Validations.prototype, 'addPlugins').mockImplementation(function (this: Validations, ...plugins: IPolicyValidationPlugin[]) {
      addPlugins.apply(
        this,
        plugins.filter((plugin) => plugin.name !== CompliancePack.HIPAA_SECURITY),
      );
    });
    const outdir = sound();
    expect(() => CheckResults.read(outdir)).toThrow(/no checks\.json in .*: the packs did not run/);
  });

  test('because the app names fewer packs than its profile asks for is missed', () => {
    const outdir = sound({ packs: [CompliancePack.AWS_SOLUTIONS, CompliancePack.NIST_800_53_R5] });
    expect(() => CheckResults.read(outdir)).toThrow('pack "Serverless" did not judge stack "Workload" (ran: AwsSolutions, NIST.800.53.R5)');
  });

  test('is missed by name', () => {
    const outdir = sound({ packs: [CompliancePack.AWS_SOLUTIONS] });
    expect(() => CheckResults.read(outdir, { expectedPacks: [CompliancePack.PCI_DSS_321] })).toThrow('pack "PCI.DSS.321" did not judge');
  });

  test('is missed when it is cut out of the file', () => {
    const outdir = sound();
    edit(outdir, (content) => dropPack(content, CompliancePack.PCI_DSS_321));
    expect(() => CheckResults.read(outdir)).toThrow('pack "PCI.DSS.321" did not judge stack "Workload"');
  });

  test('is missed when the stack that it skipped does not name it', () => {
    const outdir = sound();
    edit(outdir, (content) => {
      const [stack] = content.stacks as { packs: string[] }[];
      stack.packs = stack.packs.filter((pack) => pack !== 'Serverless');
    });
    expect(() => CheckResults.read(outdir)).toThrow('pack "Serverless" did not judge stack "Workload"');
  });

  test('but claims resources without having evaluated a rule proves nothing', () => {
    const outdir = sound();
    edit(outdir, (content) => {
      const pack = (content.packs as Record<string, number | string>[]).find(({ name }) => name === 'Serverless');
      const totals = content.totals as Record<string, number>;
      totals.ruleEvaluations -= pack?.ruleEvaluations as number;
      Object.assign(pack ?? {}, { ruleEvaluations: 0 });
    });
    expect(() => CheckResults.read(outdir)).toThrow('pack "Serverless" was shown stack "Workload" and evaluated no rule');
  });
});

describe('results that belong to something else', () => {
  test('a template that changed after it was judged is refused', () => {
    const outdir = sound();
    const template = path.join(outdir, 'Workload.template.json');
    fs.writeFileSync(template, fs.readFileSync(template, 'utf8').replace('true', 'false'));
    expect(() => CheckResults.read(outdir)).toThrow('template "Workload.template.json" is not the one that was judged');
  });

  test('an app that is synthesised again without the checks does not inherit them', () => {
    const outdir = sound();
    const again = new App({ outdir });
    new CfnKey(new Stack(again, 'Workload'), 'Key', { enableKeyRotation: false });
    again.synth();
    expect(() => CheckResults.read(outdir)).toThrow('is not the one that was judged');
  });

  test('a stack that was not judged is named', () => {
    const outdir = sound();
    edit(outdir, (content) => {
      Object.assign(content.totals as Json, { stacks: 0, resources: 0 });
      content.stacks = [];
    });
    expect(() => CheckResults.read(outdir)).toThrow('stack "Workload" is in the assembly but not in checks.json');
  });

  test('a stack that is only in the results is named', () => {
    const outdir = sound();
    edit(outdir, (content) => {
      const stacks = content.stacks as Json[];
      stacks.push({ ...stacks[0], path: 'Ghost', resources: 0 });
      Object.assign(content.totals as Json, { stacks: 2 });
    });
    expect(() => CheckResults.read(outdir)).toThrow('checks.json speaks of stack "Ghost", which is not in the assembly');
  });

  test('a file without its assembly is refused', () => {
    const outdir = sound();
    fs.rmSync(path.join(outdir, 'manifest.json'));
    expect(() => CheckResults.read(outdir)).toThrow('is not a readable cloud assembly');
  });
});

describe('a damaged file', () => {
  let outdir: string;
  beforeEach(() => {
    outdir = sound();
  });

  test('of another schema version is refused', () => {
    edit(outdir, (content) => (content.schemaVersion = '2'));
    expect(() => CheckResults.read(outdir)).toThrow('has schema version "2", expected "1"');
  });

  test.each(['', '{', 'null', '[]', '7', '"1"', '{"schemaVersion":null}', '{"__proto__":{"schemaVersion":"1"}}'])(
    'with the content %j is refused',
    (text) => {
      fs.writeFileSync(path.join(outdir, 'checks.json'), text);
      expect(() => CheckResults.read(outdir)).toThrow(/is not JSON|has schema version/);
    },
  );

  test.each<[string, (content: Json) => void, string]>([
    ['no packs', (content) => delete content.packs, 'packs is undefined, expected a list'],
    ['packs that are no list', (content) => (content.packs = { length: 6 }), 'packs is {"length":6}, expected a list'],
    ['a pack that is null', (content) => ((content.packs as unknown[])[0] = null), 'packs[0].completed is undefined'],
    [
      'a negative count',
      (content) => Object.assign((content.packs as Json[])[0], { resources: -1 }),
      'packs[0].resources is -1, expected a count',
    ],
    ['a pack that failed', (content) => Object.assign((content.packs as Json[])[1], { completed: false }), 'packs[1].completed is false'],
    [
      'an unknown profile',
      (content) => Object.assign((content.stacks as Json[])[0], { profiles: ['NONE'] }),
      'stacks[0].profiles[0] is "NONE"',
    ],
    ['no profile', (content) => Object.assign((content.stacks as Json[])[0], { profiles: [] }), 'expected at least one profile'],
    [
      'an unknown verdict',
      (content) => Object.assign((content.packs as { open: Json[] }[])[0].open[0], { verdict: 'FINE' }),
      'open[0].verdict is "FINE"',
    ],
    ['a hidden finding', (content) => (content.packs as { open: Json[] }[])[0].open.pop(), 'contradicts itself: totals.open'],
  ])('with %s is refused', (_, change, message) => {
    edit(outdir, change);
    expect(() => CheckResults.read(outdir)).toThrow(message);
  });
});

describe("the CDK's report", () => {
  function judged(): string {
    vi.stubEnv('CDK_VALIDATION', undefined);
    return sound();
  }
  const report = (outdir: string) => path.join(outdir, 'validation-report.json');

  test('is asked for the findings of the CDK alone, not for those of the packs in it', () => {
    const results = CheckResults.read(judged());
    expect(results.totals.open).toBeGreaterThan(0);
    expect(results.cloudFormationFindings).toBe(0);
  });

  test('must be there when the CDK validated', () => {
    const outdir = judged();
    fs.rmSync(report(outdir));
    expect(() => CheckResults.read(outdir)).toThrow('synthesis did not finish');
  });

  test('of an earlier run is gone before the packs run', () => {
    const outdir = judged();
    ComplianceChecks.addTo(new App({ outdir }));
    expect(fs.existsSync(report(outdir))).toBe(false);
  });

  test.each([
    ['another form', '{"pluginReports":[{"pluginName":"CloudFormation Validate"}]}', 'has an unknown form'],
    [
      'a validation that failed',
      '{"pluginReports":[{"pluginName":"CloudFormation Validate","metadata":{"error":"boom"},"violations":[]}]}',
      'failed: boom',
    ],
  ])('with %s is refused', (_, text, message) => {
    const outdir = judged();
    fs.writeFileSync(report(outdir), text);
    expect(() => CheckResults.read(outdir)).toThrow(message);
  });
});
