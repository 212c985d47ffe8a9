import type { JudgedApp } from '../rules/judged-app';
import type { Resource, Value } from '../template';
import { isDict, isList } from '../template';
import type { PathOf } from './data-flow';
import type { InventoryItem } from './evidence';
import { placeText } from './place-text';

/** Types that hold data, models or keys at rest. */
const HOLDS_DATA =
  /^AWS::(S3::Bucket|S3Vectors::\w+|S3Express::DirectoryBucket|DynamoDB::(Global)?Table|RDS::DB(Cluster|Instance)|EFS::FileSystem|FSx::FileSystem|ECR::Repository|KMS::Key|Logs::LogGroup|SQS::Queue|SNS::Topic|Kinesis::Stream|OpenSearchServerless::Collection|OpenSearchService::Domain|SecretsManager::Secret|SageMaker::(Model|ModelPackageGroup|EndpointConfig|FeatureGroup|NotebookInstance|Domain|Pipeline|Cluster)|Bedrock::(Agent|KnowledgeBase|DataSource|Guardrail|Flow|Prompt)|BedrockAgentCore::(Memory|Runtime|Gateway))$/;

/** Names of properties that hold a key. */
const KEY_PROPERTY = /Kms|KMS|EncryptionKey|^KeyId$/;

/** Where data, models and keys live, in template order. */
export function inventoryOf(app: JudgedApp, pathOf: PathOf): InventoryItem[] {
  return app.model.resources.filter(({ type }) => HOLDS_DATA.test(type)).map((resource) => itemOf(app, resource, pathOf));
}

function itemOf(app: JudgedApp, resource: Resource, pathOf: PathOf): InventoryItem {
  const dataClass = app.tag(resource, 'DataClassification');
  const { id, type, stack } = resource;
  const constructPath = pathOf(resource);
  return {
    resource: id,
    type,
    ...(constructPath === undefined ? {} : { constructPath }),
    ...(typeof dataClass === 'string' ? { dataClass } : {}),
    account: placeText(stack.account),
    region: placeText(stack.region),
    keys: keysOf(app, resource),
  };
}

/** Keys that properties of the resource name: by reference, through an alias, or by ARN. */
function keysOf(app: JudgedApp, resource: Resource): string[] {
  const keys = namedKeys(app, resource.properties, false).map((key) => (key.type === 'AWS::KMS::Alias' ? (app.named(key.at('TargetKeyId')) ?? key) : key));
  return [...new Set(keys.map(({ id }) => id))].sort();
}

function namedKeys(app: JudgedApp, value: Value, isKeyProperty: boolean): Resource[] {
  if (isList(value)) return value.flatMap((item) => namedKeys(app, item, isKeyProperty));
  if (isDict(value)) return Object.entries(value).flatMap(([name, item]) => namedKeys(app, item, KEY_PROPERTY.test(name)));
  const named = isKeyProperty ? app.named(value) : undefined;
  return named?.type === 'AWS::KMS::Key' || named?.type === 'AWS::KMS::Alias' ? [named] : [];
}
