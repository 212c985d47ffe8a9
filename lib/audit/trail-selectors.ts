import { Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { DataEventSource } from '../core/data-event-registry';

/**
 * Values over all advanced selectors of a trail.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
const SELECTOR_VALUES = 500;

/**
 * Types whose calls are data events: endpoints and what Bedrock runs. `InvokeModel` and `Converse` are management events.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html
 */
export function aiDataEventTypes({ region }: Stack): string[] {
  const bedrock = ['AgentAlias', 'AsyncInvoke', 'FlowAlias', 'Guardrail', 'InlineAgent', 'KnowledgeBase', 'Model'];
  // CloudTrail refuses types of services that a partition lacks.
  return ['AWS::SageMaker::Endpoint', ...(region.startsWith('cn-') ? [] : bedrock.map((type) => `AWS::Bedrock::${type}`))];
}

export interface TrailContents {
  readonly managementEvents: boolean;
  readonly sources: readonly DataEventSource[];
  readonly types: readonly string[];
}

/** One selector for each resource type: CloudTrail takes one type in each. Object events name their buckets, which is what they cost by. */
export function advancedSelectors({ managementEvents, sources, types }: TrailContents): CfnTrail.AdvancedEventSelectorProperty[] {
  const objects = [...new Set(sources.map(({ bucket, prefix }) => bucket.arnForObjects(prefix)))];
  return [
    ...(managementEvents ? [{ name: 'Management', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] }] : []),
    ...(objects.length > 0 ? [dataEvents('AWS::S3::Object', [{ field: 'resources.ARN', startsWith: objects }])] : []),
    ...types.map((type) => dataEvents(type, [])),
  ];
}

/** What is wrong with the selectors as they are at synthesis. */
export function selectorProblems(selectors: readonly CfnTrail.AdvancedEventSelectorProperty[]): string[] {
  if (selectors.length === 0) return ['the trail records nothing: register a bucket, name dataEventTypes, or leave the trail out'];
  const values = selectors
    .flatMap(({ fieldSelectors }) => fieldSelectors as CfnTrail.AdvancedFieldSelectorProperty[])
    .reduce((sum, { equalTo = [], startsWith = [] }) => sum + equalTo.length + startsWith.length, 0);
  if (values <= SELECTOR_VALUES) return [];
  return [`the trail's selectors have ${values} values, CloudTrail takes ${SELECTOR_VALUES}: split the app over accounts`];
}

/** A checker of account-wide S3 events takes this form and no other; a trail with it can hold no advanced selectors. */
export function accountWideSelectors(stack: Stack, managementEvents: boolean): CfnTrail.EventSelectorProperty[] {
  const known = Token.isUnresolved(stack.region) ? undefined : RegionInfo.get(stack.region).partition;
  return [{
    dataResources: [{ type: 'AWS::S3::Object', values: [`arn:${known ?? stack.partition}:s3:::`] }],
    includeManagementEvents: managementEvents,
    readWriteType: 'All',
  }];
}

/** A closed shape: a type that CloudTrail does not know stops the deployment half-way. */
export function checkDataEventTypes(path: string, types: readonly string[]): void {
  for (const type of types) {
    if (Token.isUnresolved(type)) continue;
    if (type === 'AWS::S3::Object') {
      throw new Error(`'${path}': dataEventTypes names AWS::S3::Object, which would record every bucket: register buckets instead`);
    }
    if (!/^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(type)) {
      throw new Error(`'${path}': dataEventTypes takes CloudTrail resource types such as 'AWS::SageMaker::Endpoint', got '${type}'`);
    }
  }
}

function dataEvents(type: string, more: CfnTrail.AdvancedFieldSelectorProperty[]): CfnTrail.AdvancedEventSelectorProperty {
  return {
    name: type,
    fieldSelectors: [{ field: 'eventCategory', equalTo: ['Data'] }, { field: 'resources.type', equalTo: [type] }, ...more],
  };
}
