import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { ISOLATION_TABLE } from '../../../lib/training/guard/isolation-table.generated';
import { guardTableText, trainingGuardTable } from '../../../scripts/training-guard-table';

test('the table is the one that the public IAM data gives: run scripts/generate-training-guard.ts after an update', async () => {
  const file = path.join(__dirname, '../../../lib/training/guard/isolation-table.generated.ts');
  expect(fs.readFileSync(file, 'utf8')).toBe(guardTableText(await trainingGuardTable()));
});

test('it holds the facts that the guard is built on', () => {
  expect(ISOLATION_TABLE.CreateTrainingJob).toContain('NetworkIsolation');
  expect(ISOLATION_TABLE.UpdateTrainingJob).toContain('EnableRemoteDebug');
  for (const action of ['CreateAutoMLJobV2', 'CreateTransformJob', 'CreateCompilationJob', 'CreateLabelingJob', 'CreateNotebookInstance', 'CreateDomain']) {
    expect(ISOLATION_TABLE[action]).toBeDefined();
    expect(ISOLATION_TABLE[action]).not.toContain('NetworkIsolation');
  }
  expect(Object.keys(ISOLATION_TABLE)).not.toContain('CreateEndpointConfig');
});
