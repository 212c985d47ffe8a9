import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { assurance, posture } from 'cdk-secure-ai';
import type { IConstruct } from 'constructs';
import { describe, expect, test, vi } from 'vitest';
import { appWithStack, synthFailure } from './canaries';

const { CheckResults, ComplianceChecks, CompliancePack } = assurance;

// Each construct says its profile by its path: what is tested here is who judges whom.
vi.mock('../../lib/assurance/profile-packs', async (original) => ({
  ...(await original<typeof import('../../lib/assurance/profile-packs')>()),
  profileOf: (scope: IConstruct) =>
    scope.node.path.includes('Base') ? posture.SecurityProfile.BASELINE : posture.SecurityProfile.HIGH_ASSURANCE,
}));

function faultyKey(scope: IConstruct): void {
  new CfnKey(scope, 'Key', {});
}

describe('stacks with different profiles in one app', () => {
  test('are each judged by the packs of their own profile', () => {
    const { app, stack: strict, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    const base = new Stack(app, 'Base');
    faultyKey(strict);
    faultyKey(base);
    expect(synthFailure(app)).toBeDefined();

    const results = CheckResults.read(outdir);
    const judgedKeys = (pack: string) => results.pack(pack)?.open.flatMap((finding) => finding.resources);
    expect(judgedKeys('AwsSolutions')).toEqual(['Base/Key', 'Workload/Key']);
    expect(judgedKeys('NIST.800.53.R5')).toEqual(['Workload/Key']);
    expect(results.pack('AwsSolutions')).toMatchObject({ profiles: ['BASELINE', 'HIGH_ASSURANCE'], resources: 2 });
    expect(results.pack('NIST.800.53.R5')).toMatchObject({ profiles: ['HIGH_ASSURANCE'], resources: 1 });
    expect(results.stacks.map(({ path, profiles, packs }) => [path, profiles, packs])).toEqual([
      ['Base', ['BASELINE'], ['AwsSolutions', 'Serverless']],
      ['Workload', ['HIGH_ASSURANCE'], Object.values(CompliancePack).sort()],
    ]);
  });

  test('leave out packs that nobody asks for, so that they do not look as if they had found nothing', () => {
    const { app, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    app.node.tryRemoveChild('Workload');
    faultyKey(new Stack(app, 'Base'));
    synthFailure(app);
    expect(CheckResults.read(outdir).packs.map(({ name }) => name)).toEqual(['AwsSolutions', 'Serverless']);
    expect(() => CheckResults.read(outdir, { expectedPacks: [CompliancePack.HIPAA_SECURITY] })).toThrow(
      '"HIPAA.Security" did not judge stack "Base"',
    );
  });

  test('in a stage and in a nested stack go by their own posture', () => {
    const { app, stack: strict, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    faultyKey(new Stack(new Stage(app, 'Base-Stage'), 'Inner'));
    faultyKey(new NestedStack(strict, 'BaseNested'));
    synthFailure(app);
    const results = CheckResults.read(outdir);
    expect(results.pack('PCI.DSS.321')?.open.flatMap((finding) => finding.resources)).toEqual([]);
    expect(results.pack('AwsSolutions')?.open).toMatchObject([{ resources: ['Base-Stage/Inner/Key', 'Workload/BaseNested/Key'] }]);
    expect(results.stacks.find(({ path }) => path === 'Workload')?.profiles).toEqual(['BASELINE', 'HIGH_ASSURANCE']);
  });

  test('are all judged by packs named outright', () => {
    const { app, outdir } = appWithStack();
    ComplianceChecks.addTo(app, { packs: [CompliancePack.NIST_800_53_R5] });
    faultyKey(new Stack(app, 'Base'));
    synthFailure(app);
    expect(CheckResults.read(outdir, { expectedPacks: [CompliancePack.NIST_800_53_R5] }).pack('NIST.800.53.R5')?.open).toMatchObject([
      { resources: ['Base/Key'] },
    ]);
  });

  test('count an empty stack as judged by what would have judged it', () => {
    const { app, outdir } = appWithStack();
    ComplianceChecks.addTo(app);
    new CfnQueue(new Stack(app, 'Base'), 'Queue', {});
    synthFailure(app);
    expect(CheckResults.read(outdir).stacks).toMatchObject([
      { path: 'Base', resources: 1 },
      { path: 'Workload', resources: 0, packs: Object.values(CompliancePack).sort() },
    ]);
  });
});
