import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ASSET_RESOURCE_METADATA_ENABLED_CONTEXT } from 'aws-cdk-lib/cx-api';
import { describe, expect, test } from 'vitest';
import { BundleCode } from '../../lib/core/bundle-code';

const DIRECTORY = path.join(__dirname, '..', '..', 'assets', 'models', 'promote');

interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string; readonly packaging: string }; readonly destinations: object }>>;
}

function synthesised(code: Code, context: Record<string, unknown> = {}) {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  const made = new LambdaFunction(stack, 'Function', { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  const assembly = app.synth();
  const { files } = JSON.parse(fs.readFileSync(path.join(assembly.directory, 'Stack.assets.json'), 'utf8')) as Assets;
  const template = assembly.getStackByName('Stack').template as { Resources: Record<string, Record<string, unknown>> };
  return { template, files, directory: assembly.directory, resource: template.Resources[stack.getLogicalId(made.node.defaultChild as CfnFunction)] };
}

describe('the code of a handler', () => {
  test('is the template and the files that the asset of the CDK makes', () => {
    const [ours, theirs] = [synthesised(new BundleCode(DIRECTORY)), synthesised(Code.fromAsset(DIRECTORY))];

    expect(ours.template).toEqual(theirs.template);
    expect(ours.files).toEqual(theirs.files);
    const zipped = Object.values(ours.files).filter(({ source }) => source.packaging === 'zip');
    expect(zipped).toHaveLength(1);
    expect(fs.readFileSync(path.join(ours.directory, zipped[0].source.path, 'index.mjs'))).toEqual(fs.readFileSync(path.join(DIRECTORY, 'index.mjs')));
  });

  test('tells tools where it is, when the app wants that, as the CDK does', () => {
    const context = { [ASSET_RESOURCE_METADATA_ENABLED_CONTEXT]: true };
    const [ours, theirs] = [synthesised(new BundleCode(DIRECTORY), context), synthesised(Code.fromAsset(DIRECTORY), context)];

    expect(ours.resource.Metadata).toMatchObject({ 'aws:asset:path': expect.stringMatching(/^asset\./) as unknown, 'aws:asset:property': 'Code' });
    expect(ours.template).toEqual(theirs.template);
  });

  test('is named when its directory is not there', () => {
    expect(() => synthesised(new BundleCode('/not/there'))).toThrow('Cannot find asset at /not/there');
  });
});
