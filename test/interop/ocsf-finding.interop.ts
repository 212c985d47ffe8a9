/** Findings, judged by the published OCSF schemas from the version that they name on. */
import type { FindingFacts } from '../../lib/core/finding';
import { detectionFinding, OCSF_VERSION } from '../../lib/core/finding';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand } from './run-command';

export const name = 'OCSF findings';

const FACTS: FindingFacts = {
  detector: 'training.job-isolation',
  title: 'A job ran outside of the isolation of its training environment',
  level: 'high',
  resource: { arn: 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/fraud-7', type: 'AWS::SageMaker::TrainingJob', createdAt: 1_790_000_000_000 },
  reasons: ['NO_NETWORK_ISOLATION', 'NO_VPC'],
  outcome: 'blocked',
  time: 1_790_000_060_000,
  runbook: 'job-outside-of-isolation',
};

/** What the schemas must refuse, or they judge nothing. */
const CANARIES: Readonly<Record<string, object>> = {
  'a field that OCSF does not know': { ...detectionFinding(FACTS), sevrity_id: 4 },
  'a severity that OCSF does not know': { ...detectionFinding(FACTS), severity_id: 7 },
  'no type': { ...detectionFinding(FACTS), type_uid: undefined },
  'a finding without uid': { ...detectionFinding(FACTS), finding_info: { title: 'x' } },
  'an account id that is a number': { ...detectionFinding(FACTS), cloud: { provider: 'AWS', account: { uid: 1 } } },
};

type Problems = Readonly<Record<string, readonly string[]>>;

export async function run(context: InteropContext): Promise<InteropResult> {
  const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
  const outcomes = ['blocked', 'observed', 'failed'] as const;
  const facts = levels.flatMap((level) => outcomes.map((outcome): FindingFacts => ({ ...FACTS, level, outcome })));
  const answers = await judge(context, [...facts.map(detectionFinding), ...Object.values(CANARIES)]);
  const failed: string[] = [];
  let passed = 0;
  const count = (problems: readonly string[]) => {
    failed.push(...problems);
    if (problems.length === 0) passed += 1;
  };
  for (const [index, { level, outcome }] of facts.entries()) {
    const problems = answers[index] ?? {};
    if (!Object.hasOwn(problems, OCSF_VERSION)) failed.push(`findings name OCSF ${OCSF_VERSION}, which was not judged`);
    for (const [version, found] of Object.entries(problems)) count(found.map((problem) => `${level}, ${outcome}: OCSF ${version} ${problem}`));
  }
  for (const [index, canary] of Object.keys(CANARIES).entries()) {
    for (const [version, found] of Object.entries(answers[facts.length + index] ?? {})) {
      count(found.length > 0 ? [] : [`${canary} is fine for OCSF ${version}: the schema judges less than it should`]);
    }
  }
  return { passed, failed };
}

async function judge(context: InteropContext, events: readonly object[]): Promise<Problems[]> {
  const { stdout } = await runCommand(context.python, ['test/interop/ocsf_oracle.py'], { cwd: context.root, input: JSON.stringify(events) });
  return JSON.parse(stdout) as Problems[];
}
