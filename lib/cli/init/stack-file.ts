import { importOf, type ModuleStyle } from './entry-edit';

/** The file of the first stack, in the language and the module style of the app. */
export function stackFile(style: ModuleStyle, typed: boolean): string {
  const props = typed ? 'scope: Construct, id: string, props?: StackProps' : 'scope, id, props';
  const head = style.kind === 'IMPORT' ? 'export class SecureModelsStack' : 'class SecureModelsStack';
  return [
    importOf(typed ? 'Stack, type StackProps' : 'Stack', 'aws-cdk-lib', style),
    importOf('ModelArtifactBucket', 'cdk-secure-ai/models', style),
    typed ? `import type { Construct } from ${style.quote}constructs${style.quote};\n` : '',
    '\n/** Where models live: encrypted, versioned, readable for those alone who are granted it. */\n',
    `${head} extends Stack {\n`,
    `  constructor(${props}) {\n`,
    '    super(scope, id, props);\n',
    `    new ModelArtifactBucket(this, ${style.quote}Models${style.quote});\n`,
    '  }\n',
    '}\n',
    style.kind === 'IMPORT' ? '' : '\nmodule.exports = { SecureModelsStack };\n',
  ].join('');
}
