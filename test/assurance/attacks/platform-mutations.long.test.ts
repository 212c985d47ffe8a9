import { beforeAll, describe, expect, test } from 'vitest';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { mutationReport } from '../../../lib/assurance/attacks/mutation-report';
import type { JudgedGroup } from '../../../lib/assurance/attacks/proof-run';
import { judgesOf } from '../../../lib/assurance/attacks/proof-run';
import { ConstructMetadata, postureRecords, readAssembly } from '../../../lib/assurance/template-source';
import { referenceAssembly } from '../../support/reference-platform';

/** Of the weakenings that let something through and are held by nothing else, this part is noticed at least. */
const FLOOR = 0.95;

/** What survives is of a kind that the page for auditors explains: a survivor of another kind is a hole in the attacks. */
const EXPLAINED = [
  /#\d+ allows it on everything$/,
  /#StartIsolatedJobs\d+ does not test sagemaker:(Output|Volume|InstanceTypes)/,
  /^Training(Launcher|Job)\w+#\d+ allows [a-z0-9-]+:\*$/,
  /^SignerMachineRole\w+#\d+ allows states:\*$/,
  /^GateApproverRole\w+#\d+ allows sts:\*$/,
  / does not test s3:prefix$/,
  /#DenyOtherAlgorithms is gone$/,
  /#DenyDigestsByOthers /,
  /StarterRole\w+#\d+ does not test aws:SourceAccount$/,
];

let groups: JudgedGroup[];
beforeAll(async () => {
  const directory = await referenceAssembly();
  const operators = ['arn:*:iam::*:role/cdk-*-cfn-exec-role-*', 'arn:*:iam::*:role/break-glass'];
  groups = judgesOf(readAssembly(directory), { postures: postureRecords(ConstructMetadata.read(directory)), operators });
}, 120_000);

describe('weakened policies of the reference platform', () => {
  test('are those of its four accounts', () => expect(groups.map(({ account }) => account).sort()).toEqual(['111111111111', '222222222222', '333333333333', '444444444444']));

  test.each(['111111111111', '222222222222', '333333333333', '444444444444'])('are noticed in account %s, or are explained', (account) => {
    const { judge } = groups.find((group) => group.account === account)!;
    const { total, killed, equivalent, twins, survivors } = mutationReport(account, judge, EVERY_ATTACK);
    expect(total).toBeGreaterThan(500);
    const unexplained = survivors.map(({ mutant }) => mutant).filter((mutant) => !EXPLAINED.some((kind) => kind.test(mutant)));
    expect(unexplained).toEqual([]);
    expect(killed / (total - equivalent.length - twins.length)).toBeGreaterThanOrEqual(FLOOR);
  }, 3_600_000);
});
