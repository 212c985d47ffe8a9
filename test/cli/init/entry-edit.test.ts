import { describe, expect, test } from 'vitest';
import { codeMask } from '../../../lib/cli/init/code-mask';
import { editEntry } from '../../../lib/cli/init/entry-edit';

const edit = (text: string) => editEntry(text, { stackModule: '../lib/secure-models-stack' });
const textOf = (text: string): string => {
  const result = edit(text);
  if ('refused' in result) throw new Error(result.refused);
  return result.text;
};

const TYPESCRIPT = `#!/usr/bin/env node
import * as cdk from 'aws-cdk-lib';
import {
  FraudStack,
} from '../lib/fraud-stack';

// const app = new App(); is what others write
const app = new cdk.App({
  context: { text: 'a ) in a string' },
});
new FraudStack(app, 'Fraud');
app.synth();
`;

describe('the code that makes an app', () => {
  test('gets import, checks and stack at their places, and loses nothing', () => {
    const text = textOf(TYPESCRIPT);
    expect(text).toContain("} from '../lib/fraud-stack';\nimport { SecureAiChecks } from 'cdk-secure-ai/assurance';\nimport { SecureModelsStack } from '../lib/secure-models-stack';\n");
    expect(text).toContain("  context: { text: 'a ) in a string' },\n});\nSecureAiChecks.addTo(app, { baselineFile: 'secure-ai-baseline.json' });\n");
    expect(text).toContain("new FraudStack(app, 'Fraud');\nnew SecureModelsStack(app, 'SecureModels');\napp.synth();\n");
    const kept = text.split('\n').filter((line) => !/SecureAiChecks|SecureModelsStack/.test(line));
    expect(kept.join('\n')).toBe(TYPESCRIPT);
  });

  test('keeps quotes, line ends and the way of naming modules', () => {
    const text = textOf('const cdk = require("aws-cdk-lib");\r\nconst { A, B } =\r\n  require("./stacks");\r\nconst theApp = new cdk.App();\r\nnew A(theApp, "A");');
    expect(text).toContain('require("./stacks");\r\nconst { SecureAiChecks } = require("cdk-secure-ai/assurance");\r\n');
    expect(text).toContain('SecureAiChecks.addTo(theApp, { baselineFile: "secure-ai-baseline.json" });\r\n');
    expect(text).toMatch(/new A\(theApp, "A"\);\r\nnew SecureModelsStack\(theApp, "SecureModels"\);\r\n$/);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test.each([
    ['no app', `import { App } from 'aws-cdk-lib';\nmake(App);\n`, 'it has 0 statements'],
    ['two apps', `import { App } from 'aws-cdk-lib';\nconst a = new App();\nconst b = new App();\n`, 'it has 2 statements'],
    ['an app in a function', `import { App } from 'aws-cdk-lib';\nfunction main() {\nconst app = new App();\n}\n`, 'inside of a function'],
    ['an app in a comment', `import { App } from 'aws-cdk-lib';\n/*\nconst app = new App();\n*/\n`, 'it has 0 statements'],
    ['an app in a template', `import { App } from 'aws-cdk-lib';\nconst text = \`\nconst app = new App();\n\`;\n`, 'it has 0 statements'],
    ['an app whose call does not end', `import { App } from 'aws-cdk-lib';\nconst app = new App({\n`, 'does not end'],
    ['a string that does not end', `import { App } from 'aws-cdk-lib';\nconst app = new App();\nconst x = /'/;\n`, 'does not end'],
    ['more on the line of the app', `import { App } from 'aws-cdk-lib';\nconst app = new App(), other = 1;\n`, 'more code follows'],
    ['an import after the app', `import { App } from 'aws-cdk-lib';\nconst app = new App();\nimport './late';\n`, 'an import follows'],
    ['no import', `const app = new App();\n`, 'no import and no require'],
    ['a class of that name', `import { App } from 'aws-cdk-lib';\nclass SecureModelsStack {}\nconst app = new App();\n`, 'uses the name SecureModelsStack'],
    ['a synth in a block', `import { App } from 'aws-cdk-lib';\nconst app = new App();\nif (go) {\n  app.synth();\n}\n`, 'inside of a function'],
  ])('is left alone where it has %s', (_, text, reason) => {
    expect(edit(text)).toEqual({ refused: expect.stringContaining(reason) as string });
  });
});

test('a mask keeps every place, and blanks text alone', () => {
  const text = `a('b)' + "c\\"(" /* ( */ + \`d\n(\`); // )\n`;
  const mask = codeMask(text) ?? '';
  expect(mask).toHaveLength(text.length);
  expect(mask.replace(/[ \n]+/g, '')).toBe(`a(''+""+\`\`);`);
});
