import { AssetStaging, FileAssetPackaging, Names, Stack } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import type { CodeConfig, ResourceBindOptions } from 'aws-cdk-lib/aws-lambda';
import { Code } from 'aws-cdk-lib/aws-lambda';
import {
  ASSET_RESOURCE_METADATA_ENABLED_CONTEXT,
  ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY,
  ASSET_RESOURCE_METADATA_PATH_KEY,
  ASSET_RESOURCE_METADATA_PROPERTY_KEY,
} from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';

/**
 * A directory of the package as the code of a function.
 *
 * `Code.fromAsset` also imports the bucket that assets lie in, in case somebody is to read it, and with it the facts of all regions:
 * a tenth of the CPU of synthesising a store. Nobody reads it here, so only the files are staged and named.
 */
export class BundleCode extends Code {
  public readonly isInline = false;
  private stagedPath?: string;

  constructor(private readonly directory: string) {
    super();
  }

  public bind(scope: Construct): CodeConfig {
    const stack = Stack.of(scope);
    const staging = new AssetStaging(scope, 'Code', { sourcePath: this.directory });
    this.stagedPath = staging.relativeStagedPath(stack);
    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      sourceHash: staging.assetHash,
      fileName: this.stagedPath,
      deployTime: true,
      displayName: Names.stackRelativeConstructPath(staging),
    });
    return { s3Location: { bucketName, objectKey } };
  }

  /** Tells tools where the code of a function is, as the CDK's own assets do. */
  public override bindToResource(resource: CfnResource, options: ResourceBindOptions = {}): void {
    if (!resource.node.tryGetContext(ASSET_RESOURCE_METADATA_ENABLED_CONTEXT)) return;
    resource.addMetadata(ASSET_RESOURCE_METADATA_PATH_KEY, this.stagedPath);
    resource.addMetadata(ASSET_RESOURCE_METADATA_IS_BUNDLED_KEY, false);
    resource.addMetadata(ASSET_RESOURCE_METADATA_PROPERTY_KEY, options.resourceProperty ?? 'Code');
  }
}
