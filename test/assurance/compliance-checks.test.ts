import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnParameter, CfnResource, CloudFormationValidatePlugin, Lazy, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { NagMessageLevel, NagPack, NagRuleCompliance } from 'cdk-nag';
import { assurance, posture } from 'cdk-secure-ai';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { appWithStack, CANARIES, cdkReports, checksText, synthFailure } from './canaries';

const { CheckResults, ComplianceChecks, CompliancePack } = assurance;

afterEach(() => vi.unstubAllEnvs());

describe.each(CANARIES)('the canary of $pack', ({ pack, rule, plant }) => {
  test('fails synthesis and is the only open finding', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [pack] });
    plant(stack, true);

    expect(synthFailure(app)).toContain(rule);

    const results = CheckResults.read(outdir, { expectedPacks: [pack] });
    expect(results.packs.map(({ name }) => name)).toEqual([pack]);
    expect(results.pack(pack)?.open).toEqual([{ rule, severity: 'error', verdict: 'VIOLATED', resources: ['Workload/Canary'] }]);
    expect(results.totals).toMatchObject({ packs: 1, open: 1, acknowledged: 0, undetermined: 0 });
  });

  test('passes without its fault, and rules were evaluated on it', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [pack] });
    plant(stack, false);

    expect(synthFailure(app)).toBeUndefined();

    const result = CheckResults.read(outdir, { expectedPacks: [pack] }).pack(pack);
    expect(result).toMatchObject({ completed: true, resources: 1, open: [], acknowledged: [], errors: [] });
    expect(result?.rulesInPack).toBeGreaterThanOrEqual(18);
    expect(result?.ruleEvaluations).toBe(result?.rulesInPack);
    expect(result?.applicableEvaluations).toBeGreaterThan(0);
    // No pack has more than five rules for one of these types.
    expect(result?.applicableEvaluations).toBeLessThan(6);
  });

  test('goes unseen by an app without the pack', () => {
    const { app, stack, outdir } = appWithStack();
    plant(stack, true);
    expect(synthFailure(app)).toBeUndefined();
    expect(() => CheckResults.read(outdir, { expectedPacks: [pack] })).toThrow(/no checks\.json in .*: the packs did not run/);
  });
});

describe('choosing packs', () => {
  test('goes by the profile', () => {
    const { BASELINE, REGULATED, HIGH_ASSURANCE } = posture.SecurityProfile;
    expect(ComplianceChecks.packsFor(BASELINE)).toEqual(['AwsSolutions', 'Serverless']);
    expect(ComplianceChecks.packsFor(REGULATED)).toEqual(Object.values(CompliancePack));
    expect(ComplianceChecks.packsFor(HIGH_ASSURANCE)).toEqual(Object.values(CompliancePack));
  });

  test('judges by every pack of the default profile', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    CANARIES.forEach(({ plant, pack }) => plant(new CfnResource(stack, pack, { type: 'Test::Group::Only' }), true));
    expect(synthFailure(app)).toBeDefined();
    const results = CheckResults.read(outdir);
    expect(results.packs.map(({ name }) => name)).toEqual(Object.values(CompliancePack).sort());
    for (const { pack, rule } of CANARIES) expect(results.pack(pack)?.open.map((finding) => finding.rule)).toContain(rule);
    expect(results.stacks).toMatchObject([{ path: 'Workload', profiles: ['REGULATED'], resources: 12 }]);
  });

  test.each([
    ['an empty list', [], 'packs is empty'],
    ['an unknown pack', ['__proto__' as assurance.CompliancePack], 'pack "__proto__" is unknown: use one of AwsSolutions, Serverless'],
  ])('refuses %s', (_, packs, message) => {
    const { app } = appWithStack();
    expect(() => ComplianceChecks.addTo(app, { packs })).toThrow(message);
  });

  test('can be corrected after a refused call', () => {
    const { app } = appWithStack();
    expect(() => ComplianceChecks.addTo(app, { packs: [] })).toThrow();
    expect(() => ComplianceChecks.addTo(app)).not.toThrow();
  });

  test('takes a pack named twice once', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS, CompliancePack.SERVERLESS] });
    new CfnKey(stack, 'Key', {});
    app.synth();
    expect(CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).totals).toMatchObject({
      packs: 1,
      ruleEvaluations: 18,
    });
  });
});

describe('adding the checks', () => {
  test('is refused the second time, on the app and on a stage', () => {
    const { app } = appWithStack();
    ComplianceChecks.addTo(app);
    expect(() => ComplianceChecks.addTo(app)).toThrow('added to this app before');
    expect(() => ComplianceChecks.addTo(new Stage(app, 'Prod'))).toThrow('added to this app before');
  });

  test('is refused without an App, where the CDK would run nothing', () => {
    expect(() => ComplianceChecks.addTo(new Stage(undefined as unknown as App, 'Alone'))).toThrow('need an App at the root');
  });

  test('to a stage judges that stage alone', () => {
    const { app, stack, outdir } = appWithStack();
    const prod = new Stage(app, 'Prod');
    new CfnKey(stack, 'Outside', {});
    new CfnKey(new Stack(prod, 'Inner'), 'Inside', {});
    ComplianceChecks.addTo(prod, { packs: [CompliancePack.AWS_SOLUTIONS] });
    expect(synthFailure(app)).toContain('AwsSolutions-KMS5');
    const results = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] });
    expect(results.pack('AwsSolutions')?.open).toMatchObject([{ resources: ['Prod/Inner/Inside'] }]);
    expect(results.stacks).toMatchObject([{ path: 'Prod/Inner', template: expect.stringMatching(/^assembly-Prod\/.*\.template\.json$/) }]);
  });

  test('to the app reaches stages and nested stacks', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    new CfnKey(new NestedStack(stack, 'Nested'), 'Key', {});
    new CfnKey(new Stack(new Stage(app, 'Prod'), 'Inner'), 'Key', {});
    expect(synthFailure(app)).toBeDefined();
    const results = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] });
    expect(results.pack('AwsSolutions')?.open).toMatchObject([{ resources: ['Prod/Inner/Key', 'Workload/Nested/Key'] }]);
    // The nested stack's resources belong to the stack that deploys it: its own key and the nested stack itself.
    expect(results.stacks).toMatchObject([
      { path: 'Prod/Inner', resources: 1 },
      { path: 'Workload', resources: 2 },
    ]);
  });
});

describe('a rule that throws', () => {
  function undeterminedApp() {
    const made = appWithStack();
    ComplianceChecks.addTo(made.app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    const parameter = new CfnParameter(made.stack, 'Rotate', { type: 'String' });
    const key = new CfnKey(made.stack, 'Key', { enableKeyRotation: parameter.valueAsString as unknown as boolean });
    return { ...made, key };
  }

  test('is an open finding without a verdict, never a pass', () => {
    const { app, outdir } = undeterminedApp();
    expect(synthFailure(app)).toContain('AwsSolutions-KMS5');
    const results = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] });
    expect(results.pack('AwsSolutions')).toMatchObject({
      open: [{ rule: 'AwsSolutions-KMS5', verdict: 'UNDETERMINED', resources: ['Workload/Key'] }],
      errors: [{ rule: 'AwsSolutions-KMS5', message: expect.stringContaining('{"Ref":"Rotate"}'), resources: ['Workload/Key'] }],
    });
    expect(results.totals).toMatchObject({ open: 1, undetermined: 1 });
  });

  test('stays undetermined when it is acknowledged', () => {
    const { app, key, outdir } = undeterminedApp();
    Validations.of(key).acknowledge({ id: 'AwsSolutions::AwsSolutions-KMS5', reason: 'set by operations' });
    expect(synthFailure(app)).toBeUndefined();
    const results = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] });
    expect(results.pack('AwsSolutions')).toMatchObject({
      open: [],
      acknowledged: [{ verdict: 'UNDETERMINED', reason: 'set by operations' }],
    });
    expect(results.totals).toMatchObject({ open: 0, acknowledged: 1, undetermined: 1 });
  });
});

describe('a finding that a user acknowledges', () => {
  test.each([
    ['with the plugin name, as the report suggests', 'AwsSolutions::AwsSolutions-KMS5'],
    ['by its plain id', 'AwsSolutions-KMS5'],
  ])('%s is shown as theirs, with the reason', (_, id) => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    Validations.of(new CfnKey(stack, 'Mine', {})).acknowledge({ id, reason: 'imported key material' });
    new CfnKey(stack, 'Other', { enableKeyRotation: true });
    expect(synthFailure(app)).toBeUndefined();
    const results = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] });
    expect(results.pack('AwsSolutions')).toMatchObject({
      open: [],
      acknowledged: [
        {
          classId: 'USER',
          kind: 'USER',
          rule: 'AwsSolutions-KMS5',
          verdict: 'VIOLATED',
          reason: 'imported key material',
          resources: ['Workload/Mine'],
        },
      ],
    });
  });

  test('does not cover its neighbour', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    Validations.of(new CfnKey(stack, 'Mine', {})).acknowledge({ id: 'AwsSolutions::AwsSolutions-KMS5', reason: 'r' });
    new CfnKey(stack, 'Other', {});
    expect(synthFailure(app)).toBeDefined();
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).pack('AwsSolutions');
    expect(result).toMatchObject({ open: [{ resources: ['Workload/Other'] }], acknowledged: [{ resources: ['Workload/Mine'] }] });
  });

  test('on the whole app takes the reason that is closest to the resource', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    Validations.of(app).acknowledge({ id: 'AwsSolutions::AwsSolutions-KMS5', reason: 'far' });
    Validations.of(stack).acknowledge({ id: 'AwsSolutions::AwsSolutions-KMS5', reason: 'near' });
    new CfnKey(stack, 'Key', {});
    expect(synthFailure(app)).toBeUndefined();
    expect(CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).pack('AwsSolutions')?.acknowledged).toMatchObject([
      { reason: 'near' },
    ]);
  });
});

test('what the file calls open is what the report of the CDK calls a violation', () => {
  const { app, stack, outdir } = appWithStack();
  ComplianceChecks.addTo(app);
  const bucket = new CfnBucket(stack, 'Bucket', {});
  new CfnBucket(stack, 'Another', {});
  CANARIES.forEach(({ plant, pack }) => plant(new CfnResource(stack, pack, { type: 'Test::Group::Only' }), true));
  Validations.of(bucket).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-S1', reason: 'prefixed' },
    { id: 'HIPAA.Security-S3BucketLoggingEnabled', reason: 'plain' },
  );
  expect(synthFailure(app)).toBeDefined();
  const fromCdk = cdkReports(outdir).flatMap((report) =>
    report.violations.flatMap((v) => v.violatingConstructs.map((c) => `${v.ruleName} ${c.constructPath}`)),
  );
  const open = CheckResults.read(outdir).packs.flatMap((pack) => pack.open.flatMap((f) => f.resources.map((path) => `${f.rule} ${path}`)));
  expect(open.length).toBeGreaterThan(30);
  expect(open.sort()).toEqual(fromCdk.sort());
});

describe('the bytes of the file', () => {
  function synthesised(noise: number): string {
    for (let i = 0; i < noise; i++) appWithStack().stack.resolve(new CfnParameter(appWithStack().stack, 'P').value);
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    new CfnBucket(stack, 'Bucket', {});
    const parameter = new CfnParameter(stack, 'Rotate', { type: 'String' });
    new CfnKey(stack, 'Key', { enableKeyRotation: parameter.valueAsString as unknown as boolean });
    synthFailure(app);
    return checksText(outdir);
  }

  test('are the same for the same app, wherever and after whatever it is synthesised', () => {
    const first = synthesised(0);
    expect(synthesised(3)).toBe(first);
    expect(first).not.toMatch(/checks-[A-Za-z0-9]{6}|\/tmp|Token\[[^\]]*\d/);
  });

  test('keep the numbers of tokens out of messages', () => {
    const message = () => {
      const { app, stack, outdir } = appWithStack();
      const token = Lazy.string({ produce: () => 'late' });
      const own = new OwnPack(() => {
        throw new Error(`cannot judge ${token} and ${Lazy.number({ produce: () => 1 })}`);
      });
      ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [own] });
      new CfnKey(stack, 'Key', {});
      synthFailure(app);
      return CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).pack('Own')?.errors[0].message;
    };
    const first = message();
    expect(first).toBe('cannot judge Token[TOKEN] and Token[number]');
    expect(message()).toBe(first);
  });

  test('are replaced by the next synthesis into the same directory, also under the guard against plugins that write', () => {
    const first = appWithStack({ confirmValidationPluginsDoNotMutate: true });
    ComplianceChecks.addTo(first.app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    new CfnKey(first.stack, 'Key', {});
    synthFailure(first.app);

    const second = new App({ outdir: first.outdir, confirmValidationPluginsDoNotMutate: true });
    ComplianceChecks.addTo(second, { packs: [CompliancePack.AWS_SOLUTIONS] });
    expect(fs.existsSync(path.join(first.outdir, 'checks.json'))).toBe(false);
    new CfnKey(new Stack(second, 'Workload'), 'Key', { enableKeyRotation: true });
    expect(synthFailure(second)).toBeUndefined();
    expect(CheckResults.read(first.outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).totals.open).toBe(0);
  });

  test('are not rewritten before all packs have judged', () => {
    const { app, stack, outdir } = appWithStack();
    const seen: string[] = [];
    const last = new OwnPack(() => {
      seen.push(fs.existsSync(path.join(outdir, 'checks.json')) ? checksText(outdir) : 'none');
      return NagRuleCompliance.COMPLIANT;
    });
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS], ownPacks: [last] });
    const key = new CfnKey(stack, 'Key', {});
    expect(synthFailure(app)).toBeDefined();
    const first = checksText(outdir);
    key.enableKeyRotation = true;
    app.synth({ force: true });
    expect(seen).toEqual(['none', first]);
    expect(checksText(outdir)).not.toBe(first);
  });

  test('describe the last synthesis when an app is synthesised again', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.AWS_SOLUTIONS, CompliancePack.SERVERLESS] });
    const key = new CfnKey(stack, 'Key', {});
    expect(synthFailure(app)).toBeDefined();
    key.enableKeyRotation = true;
    app.synth({ force: true });
    expect(CheckResults.read(outdir, { expectedPacks: [CompliancePack.AWS_SOLUTIONS] }).totals).toMatchObject({
      open: 0,
      acknowledged: 0,
      resources: 1,
      packs: 2,
    });
  });
});

class OwnPack extends NagPack {
  public readonly name = 'Own';
  public readonly version = '7.0.0';

  constructor(private readonly verdict: () => NagRuleCompliance | string[]) {
    super();
    this.packName = 'Own';
  }

  protected checkResource(node: CfnResource): void {
    const rule = () => this.verdict();
    this.applyRule({ ruleSuffixOverride: 'Rule1', info: 'i', explanation: 'e', level: NagMessageLevel.WARN, node, rule });
  }
}

describe('a pack of your own', () => {
  test('is recorded like the others', () => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [new OwnPack(() => ['a b', 'c'])] });
    const key = new CfnKey(stack, 'Key', {});
    Validations.of(key).acknowledge({ id: 'Own::Own-Rule1[a b]', reason: 'accepted' });
    synthFailure(app);
    expect(CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).pack('Own')).toMatchObject({
      version: '7.0.0',
      rulesInPack: 1,
      ruleEvaluations: 1,
      open: [{ rule: 'Own-Rule1[c]', severity: 'warning' }],
      acknowledged: [{ rule: 'Own-Rule1[a b]', classId: 'USER', reason: 'accepted' }],
    });
  });

  test.each([
    ['fails synthesis', [], false],
    ['passes it once another finding of the pack is acknowledged', ['Own::Own-Rule1[b]'], true],
  ])('that warns %s, and the warning is open in both cases', (_, acknowledged, passes) => {
    const { app, stack, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [new OwnPack(() => ['a', 'b'])] });
    const key = new CfnKey(stack, 'Key', {});
    Validations.of(key).acknowledge(...acknowledged.map((id) => ({ id, reason: 'accepted' })));
    expect(synthFailure(app) === undefined).toBe(passes);
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).pack('Own');
    expect(result?.open).toContainEqual({ rule: 'Own-Rule1[a]', severity: 'warning', verdict: 'VIOLATED', resources: ['Workload/Key'] });
  });

  test('that drops a finding nobody acknowledged leaves it open', () => {
    const { app, stack, outdir } = appWithStack();
    const own = new OwnPack(() => NagRuleCompliance.NON_COMPLIANT);
    vi.spyOn(own, 'validateScope').mockImplementation((scope) => {
      NagPack.prototype.validateScope.call(own, scope);
      return { success: true, violations: [] };
    });
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [own] });
    new CfnKey(stack, 'Key', {});
    expect(synthFailure(app)).toBeUndefined();
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).pack('Own');
    expect(result?.open).toMatchObject([{ rule: 'Own-Rule1', resources: ['Workload/Key'] }]);
  });

  test('that reports what none of its rules found is recorded with it', () => {
    const { app, stack, outdir } = appWithStack();
    const own = new OwnPack(() => NagRuleCompliance.COMPLIANT);
    const violation = (constructPath?: string) => ({ constructPath, locations: [] });
    vi.spyOn(own, 'validateScope').mockImplementation((scope) => {
      NagPack.prototype.validateScope.call(own, scope);
      const violatingResources = [violation('Workload/Key'), violation('Nowhere'), violation()];
      return { success: false, violations: [{ ruleName: 'Own-Whole', description: 'd', violatingResources }] };
    });
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [own] });
    new CfnKey(stack, 'Key', {});
    synthFailure(app);
    const result = CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] }).pack('Own');
    expect(result?.open).toMatchObject([{ rule: 'Own-Whole', severity: 'error', resources: ['', 'Workload/Key'] }]);
  });

  test('that fails as a whole fails synthesis and cannot be read as a pass', () => {
    const { app, stack, outdir } = appWithStack();
    const own = new OwnPack(() => NagRuleCompliance.COMPLIANT);
    vi.spyOn(own as unknown as { checkResource(): void }, 'checkResource').mockImplementation(() => {
      throw new Error('broken');
    });
    ComplianceChecks.addTo(app, { packs: [CompliancePack.SERVERLESS], ownPacks: [own] });
    new CfnKey(stack, 'Key', {});
    expect(synthFailure(app)).toContain('broken');
    expect(() => CheckResults.read(outdir, { expectedPacks: [CompliancePack.SERVERLESS] })).toThrow('the pack failed before it was done');
  });

  test('must be a pack, under a name of its own', () => {
    const { app } = appWithStack();
    const plugin = { name: 'Plain', validate: () => ({ success: true, violations: [] }) };
    expect(() => ComplianceChecks.addTo(app, { ownPacks: [plugin] })).toThrow('own pack "Plain" does not extend');
    const twin = () => new OwnPack(() => NagRuleCompliance.COMPLIANT);
    expect(() => ComplianceChecks.addTo(app, { ownPacks: [twin(), twin()] })).toThrow('pack name "Own" is taken');
  });
});

describe("the CDK's own validation", () => {
  function appWithTemplateFault(context: Record<string, unknown> = {}, props = {}) {
    const made = appWithStack({ context, ...props });
    ComplianceChecks.addTo(made.app, { packs: [CompliancePack.AWS_SOLUTIONS] });
    new CfnKey(made.stack, 'Key', { enableKeyRotation: true }).addPropertyOverride('NoSuchProperty', 'x');
    return made;
  }
  const expected = { expectedPacks: [CompliancePack.AWS_SOLUTIONS] };

  test('reports a template fault that no pack sees, and the results count it', () => {
    vi.stubEnv('CDK_VALIDATION', undefined);
    const { app, outdir } = appWithTemplateFault();
    expect(synthFailure(app)).toBeUndefined();
    const results = CheckResults.read(outdir, expected);
    expect(results.totals.open).toBe(0);
    expect(results.cloudFormationValidation).toBe('BUILT_IN');
    expect(results.cloudFormationFindings).toBeGreaterThanOrEqual(1);
  });

  test('fails synthesis where the app asks for that', () => {
    vi.stubEnv('CDK_VALIDATION', undefined);
    const { app } = appWithTemplateFault({ '@aws-cdk/core:validateAgainstDefaultRules': true });
    expect(synthFailure(app)).toContain('NoSuchProperty');
  });

  test('that found nothing is a zero, which is different from one that did not run', () => {
    vi.stubEnv('CDK_VALIDATION', undefined);
    const clean = appWithStack();
    ComplianceChecks.addTo(clean.app, { packs: expected.expectedPacks });
    new CfnKey(clean.stack, 'Key', { enableKeyRotation: true, keyPolicy: { Version: '2012-10-17', Statement: [] } });
    clean.app.synth();
    expect(CheckResults.read(clean.outdir, expected).cloudFormationFindings).toBe(0);
  });

  test('that the app registered itself is counted too, also where the default is off', () => {
    const { app, outdir } = appWithTemplateFault();
    Validations.of(app).addPlugins(new CloudFormationValidatePlugin());
    expect(synthFailure(app)).toBeUndefined();
    const results = CheckResults.read(outdir, expected);
    expect(results.cloudFormationValidation).toBe('REGISTERED');
    expect(results.cloudFormationFindings).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['by the environment', 'false', {}],
    ['by the app', undefined, { builtinCloudFormationValidation: false }],
  ])('that is switched off %s is shown as off, not as clean', (_, env, props) => {
    vi.stubEnv('CDK_VALIDATION', env);
    const { app, outdir } = appWithTemplateFault({}, props);
    app.synth();
    const results = CheckResults.read(outdir, expected);
    expect(results.cloudFormationValidation).toBe('OFF');
    expect(results.cloudFormationFindings).toBeUndefined();
  });
});
