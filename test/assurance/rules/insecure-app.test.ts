import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import type { PartedFindings } from '../../../lib/assurance/rules/acknowledgements';
import { partByAcknowledgement } from '../../../lib/assurance/rules/acknowledgements';
import { judge } from '../../../lib/assurance/rules/judge';
import { withPlaces } from '../../../lib/assurance/rules/finding-place';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../../lib/assurance/template-source';
import { PROFILE_POSTURES, fullStack } from '../../support/full-platform';
import { referenceAssembly } from '../../support/reference-platform';
import { INSECURE_APP } from './insecure-app';

const made: string[] = [];
afterAll(() => made.forEach((directory) => fs.rmSync(directory, { recursive: true, force: true })));

/** The findings of an assembly; every template of it was judged, and something of it by many rules. */
function judgedAssembly(directory: string): PartedFindings {
  made.push(directory);
  const metadata = ConstructMetadata.read(directory);
  const { findings, tallies } = judge(TemplateModel.of(readAssembly(directory)), RULE_PACK);
  expect(tallies.filter(({ compliant }) => compliant > 0).length).toBeGreaterThan(25);
  return partByAcknowledgement(withPlaces(findings, metadata), metadata);
}

const line = ({ ruleId, resource, path: place }: { ruleId: string; resource: string; path: string }): string => `${ruleId} ${resource} ${place}`;

describe('an insecure AI app', () => {
  const template = { stackName: 'Loans', template: INSECURE_APP, account: '111111111111', region: 'eu-central-1' };
  const { findings } = judge(TemplateModel.of([template]), RULE_PACK);
  const violated = new Set(findings.filter(({ verdict }) => verdict === 'VIOLATED').map(({ ruleId }) => ruleId));

  test('violates more than 60 different rules, of every area', () => {
    expect(violated.size).toBeGreaterThanOrEqual(140);
    const areas = new Set([...violated].map((id) => id.replace(/\d.*$/, '')));
    for (const area of ['SM', 'BR', 'AC', 'IAM', 'DP', 'API', 'SE', 'LOG']) expect(areas, area).toContain(`AISec-${area}`);
  });

  test('is judged at nearly every resource', () => {
    const judged = new Set(findings.map(({ resource }) => resource));
    expect(judged.size).toBeGreaterThan(Object.keys(INSECURE_APP.Resources).length / 2);
  });
});

describe('what the library makes', () => {
  test('leaves no finding open in the reference platform, and what it acknowledges is one named decision', async () => {
    const { open, acknowledged } = judgedAssembly(await referenceAssembly());
    expect(open.filter(({ evidenceOnly }) => !evidenceOnly).map(line)).toEqual([]);
    // Drift monitors, alarms on requests and model cards are not in these templates: that is noted and fails nothing, and nothing else is.
    expect([...new Set(open.map(({ ruleId }) => ruleId))]).toEqual(['AISec-SM11', 'AISec-SM12', 'AISec-SM37']);
    expect(acknowledged.map(({ ruleId, verdict, reason }) => `${ruleId} ${verdict} ${reason.split(':')[0]}`)).toEqual([
      'AISec-SM03 UNDETERMINED run-time-names',
      'AISec-SM04 UNDETERMINED run-time-names',
    ]);
  }, 120_000);

  test.each(Object.values(SecurityProfile))('leaves none open with everything it can make, in %s', (profile) => {
    const app = new App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'full-platform-')) });
    fullStack(app, 'Full', { ...PROFILE_POSTURES[profile](app), tags: { environment: 'production', ownerTeam: 'fraud-scoring' } });
    app.synth();
    // Drift monitors and alarms on an endpoint's requests may exist elsewhere: rules that look for evidence note it and fail nothing.
    expect(judgedAssembly(app.outdir).open.filter(({ evidenceOnly }) => !evidenceOnly).map(line)).toEqual([]);
  });
});
