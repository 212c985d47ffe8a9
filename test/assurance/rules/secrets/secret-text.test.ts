import { secretName } from '../../../../lib/assurance/rules/secrets/secret-names';
import { secretIn } from '../../../../lib/assurance/rules/secrets/secret-text';
import { describe, expect, test } from 'vitest';
import {
  ACCESS_KEY,
  ANTHROPIC_KEY,
  GITHUB_TOKEN,
  HUB_TOKEN,
  OPENAI_KEY,
  PRIVATE_KEY,
  RANDOM,
  SIGNED_TOKEN,
  SLACK_TOKEN,
} from '../fixtures/secrets/keys';

describe('the name of a secret', () => {
  test.each([
    'OPENAI_API_KEY',
    'apiKey',
    'DB_PASSWORD',
    'masterUserPassword',
    'ClientSecret',
    'HF_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'x-api-key', 'ApiKeyValue', 'PreSharedKey',
    'JWT_SIGNING_KEY_2',
  ])('is %s', (name) => expect(secretName(name)).toBeDefined());
  test.each([
    ...[
      'SECRET_ARN',
      'TOKEN_URL',
      'MAX_TOKENS',
      'PAD_TOKEN',
      'NextToken',
      'ClientToken',
      'PublicKey',
      'PartitionKey',
      'S3Key',
      'KmsKeyId',
      'TableKey',
    ],
    ...['PasswordLength', 'SecretName', 'TOKENIZERS_PARALLELISM', 'ServiceToken2Arn', 'ServiceToken', 'ClientRequestToken', 'Integration.Credentials', 'constructor', '__proto__', ''],
  ])('is not %s', (name) => expect(secretName(name)).toBeUndefined());
});

describe('a literal secret', () => {
  test.each([
    [HUB_TOKEN, 'a Hugging Face token'],
    [ACCESS_KEY, 'an AWS access key'],
    [PRIVATE_KEY, 'a private key'],
    [OPENAI_KEY, 'an OpenAI key'],
    [ANTHROPIC_KEY, 'an Anthropic key'],
    [GITHUB_TOKEN, 'a GitHub token'],
    [SLACK_TOKEN, 'a Slack token'],
    [`Bearer ${SIGNED_TOKEN}`, 'a signed token (JWT)'],
    ['postgres://app:s3cr3tvalue@db.internal/vectors', 'a password in an address'],
  ])('is known by its format whatever its name (%#)', (value, kind) => expect(secretIn('NOTE', value)).toBe(kind));

  test('is random under the name of a secret, and harmless under any other', () => {
    expect(secretIn('VENDOR_API_KEY', RANDOM)).toBe('what looks like a key');
    expect(secretIn('SHARD', RANDOM)).toBeUndefined();
  });

  test('is a password of words, and no name of a password that says what it is or where', () => {
    for (const value of ['correct-horse', 'Correct_Horse', 'summer-2026']) expect(secretIn('DB_PASSWORD', value), value).toBe('a password');
    for (const value of ['prod-database', 'fraud-db-password', 'vectors/master', 'vectors.master']) expect(secretIn('DB_PASSWORD', value), value).toBeUndefined();
  });

  test.each([
    'arn:aws:secretsmanager:eu-central-1:111111111111:secret:hub-a1b2c3',
    'b2f1c7de-9a34-4c1b-8a55-0f6f1f2b3c4d',
    `sha256:${'0123456789abcdef'.repeat(4)}`,
    'prod/hub/token-2',
    'my-app-secret-v2',
    'https://sts.eu-central-1.amazonaws.com/token2',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    '${SecretFromElsewhere1}',
    'AKIAIOSFODNN7EXAMPLE',
    'your-api-key-123456',
    'true',
    '',
  ])('is not %s', (value) => expect(secretIn('API_KEY', value)).toBeUndefined());

  test.each([
    ['a task name that begins like a key', 'task-sk-learn-inference-container-with-a-very-long-name-and-version-3'],
    ['the hash of an asset', `${'0123456789abcdef'.repeat(4)}.zip`],
    ['an address without a password', 'https://github.com/me/models.git@v3'],
    ['an account and a region in an image', '111111111111.dkr.ecr.eu-central-1.amazonaws.com/hf_transfer:3'],
    ['a picture', `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(8)}`],
  ])('is not %s', (_what, value) => expect(secretIn('NOTE', value)).toBeUndefined());

  test('is never repeated in what is said of it', () => {
    for (const value of [HUB_TOKEN, ACCESS_KEY, OPENAI_KEY]) expect(secretIn('NOTE', value)).not.toContain(value.slice(4));
  });

  test('is looked for without hanging on hostile text', () => {
    for (const piece of ['eyJ', 'sk-', 'a://b:', 'AKIA', '-----BEGIN ', 'gh', 'xoxb-']) {
      expect(secretIn('API_KEY', piece.repeat(30_000))).toBeUndefined();
    }
  });
});
