import type { JudgedApp } from '../rules/judged-app';
import type { PolicyStatement, Resource, Value } from '../template';
import { Text, listOf } from '../template';
import { placeText } from './place-text';

/** Where a node of the picture stands: one account and region, and in it a VPC, or no VPC. */
export interface FlowZone {
  readonly id: string;
  readonly label: string;
  /** The zone that it lies in; undefined for an account. */
  readonly parent?: string;
}

/** What runs, or keeps data. */
export interface FlowNode {
  readonly id: string;
  readonly label: string;
  readonly kind: 'WORKLOAD' | 'STORE' | 'DOOR';
  readonly type: string;
  readonly zone: string;
}

/** Data that may go from a node to another, by the policies of the template. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly how: 'READS' | 'WRITES' | 'BOTH' | 'CALLS';
}

/** Segments, trust boundaries and data flow of an app. */
export interface DataFlow {
  readonly zones: readonly FlowZone[];
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

const WORKLOADS: Readonly<Record<string, { readonly role: string; readonly vpc?: string }>> = {
  'AWS::Lambda::Function': { role: 'Role', vpc: 'VpcConfig.SubnetIds' },
  'AWS::SageMaker::Model': { role: 'ExecutionRoleArn', vpc: 'VpcConfig.Subnets' },
  'AWS::SageMaker::NotebookInstance': { role: 'RoleArn', vpc: 'SubnetId' },
  'AWS::SageMaker::Domain': { role: 'DefaultUserSettings.ExecutionRole', vpc: 'SubnetIds' },
  'AWS::SageMaker::Pipeline': { role: 'RoleArn' },
  'AWS::StepFunctions::StateMachine': { role: 'RoleArn' },
  'AWS::Bedrock::Agent': { role: 'AgentResourceRoleArn' },
  'AWS::Bedrock::KnowledgeBase': { role: 'RoleArn' },
  'AWS::BedrockAgentCore::Runtime': { role: 'RoleArn', vpc: 'NetworkConfiguration.NetworkModeConfig.Subnets' },
  'AWS::GuardDuty::MalwareProtectionPlan': { role: 'Role' },
};
const STORES = /^AWS::(S3::Bucket|DynamoDB::(Global)?Table|S3Vectors::VectorBucket|OpenSearchServerless::Collection|ECR::Repository|SageMaker::ModelPackageGroup|SQS::Queue|SNS::Topic|Kinesis::Stream)$/;
const DOORS = /^AWS::(ApiGateway::RestApi|ApiGatewayV2::Api|EC2::VPCEndpoint|EC2::InternetGateway|EC2::NatGateway|ElasticLoadBalancingV2::LoadBalancer)$/;
const WRITING = /:(Put|Create|Delete|Update|Batch|Send|Publish|Upload|Complete|Tag|Abort|Restore|\*)/;
const READING = /:(Get|List|Head|Describe|Query|Scan|Receive|Batch|Download|\*)/;

/** Path of the construct that made a resource, where it is known. */
export type PathOf = (resource: Resource) => string | undefined;

/** Draws nothing: finds what a picture of the app has to show, in template order. */
export function dataFlowOf(app: JudgedApp, pathOf: PathOf): DataFlow {
  const zones = new Map<string, FlowZone>();
  const nodes: FlowNode[] = [];
  for (const resource of app.model.resources) {
    const kind = kindOf(resource.type);
    if (kind === undefined) continue;
    const { id, type } = resource;
    nodes.push({ id, label: labelOf(resource, pathOf), kind, type, zone: zoneOf(app, resource, zones, pathOf) });
  }
  const known = new Set(nodes.map(({ id }) => id));
  const workloads = app.model.resources.filter(({ type }) => Object.hasOwn(WORKLOADS, type));
  const edges = workloads.flatMap((workload) => edgesOf(app, workload, known));
  return { zones: [...zones.values()], nodes, edges };
}

function kindOf(type: string): FlowNode['kind'] | undefined {
  if (Object.hasOwn(WORKLOADS, type)) return 'WORKLOAD';
  if (STORES.test(type)) return 'STORE';
  return DOORS.test(type) ? 'DOOR' : undefined;
}

function labelOf(resource: Resource, pathOf: PathOf): string {
  const parts = (pathOf(resource) ?? '').split('/').filter((part) => part !== 'Resource' && part !== 'Default');
  return parts.slice(1).slice(-2).join('/') || resource.logicalId;
}

function zoneOf(app: JudgedApp, resource: Resource, zones: Map<string, FlowZone>, pathOf: PathOf): string {
  const { stack } = resource;
  const account = `${placeText(stack.account)} · ${placeText(stack.region)}`;
  if (!zones.has(account)) zones.set(account, { id: account, label: `Account ${account}` });
  const vpc = vpcOf(app, resource, pathOf);
  if (vpc === undefined) return account;
  if (!zones.has(vpc.id)) zones.set(vpc.id, { ...vpc, parent: account });
  return vpc.id;
}

function vpcOf(app: JudgedApp, resource: Resource, pathOf: PathOf): FlowZone | undefined {
  if (resource.type === 'AWS::EC2::VPCEndpoint') {
    const vpc = app.named(resource.at('VpcId'));
    return vpc && { id: vpc.id, label: `VPC ${labelOf(vpc, pathOf)}` };
  }
  const path = Object.hasOwn(WORKLOADS, resource.type) ? WORKLOADS[resource.type].vpc : undefined;
  const subnets = path === undefined ? [] : listOf(resource.at(path));
  if (subnets.length === 0) return undefined;
  const vpc = subnets.map((subnet) => app.named(app.named(subnet)?.at('VpcId'))).find((found) => found !== undefined);
  if (vpc !== undefined) return { id: vpc.id, label: `VPC ${labelOf(vpc, pathOf)}` };
  const names = subnets.map((subnet) => (typeof subnet === 'string' ? subnet : 'subnet of another stack')).sort();
  // Two accounts may name subnets alike.
  return { id: [placeText(resource.stack.account), placeText(resource.stack.region), ...names].join(' '), label: 'Existing VPC' };
}

function edgesOf(app: JudgedApp, workload: Resource, known: ReadonlySet<string>): FlowEdge[] {
  const role = app.named(workload.at(WORKLOADS[workload.type].role));
  if (role === undefined) return [];
  const found = new Map<string, { reads: boolean; writes: boolean }>();
  for (const { statement } of app.statementsOfHolder(role)) {
    if (statement.effect !== 'Allow') continue;
    const actions = statement.actions.texts.map(({ parts }) => parts.join(''));
    for (const target of targetsOf(app, statement)) {
      if (!known.has(target.id) || target === workload) continue;
      const own = found.get(target.id) ?? { reads: false, writes: false };
      own.reads ||= actions.some((action) => READING.test(action));
      own.writes ||= actions.some((action) => WRITING.test(action));
      found.set(target.id, own);
    }
  }
  return [...found].map(([to, { reads, writes }]) => ({ from: workload.id, to, how: reads && writes ? 'BOTH' : writes ? 'WRITES' : reads ? 'READS' : 'CALLS' }));
}

function targetsOf(app: JudgedApp, { resources }: PolicyStatement): Resource[] {
  const named = (resources?.texts ?? []).map(({ parts }) => {
    const value: Value = parts.length === 1 ? parts[0] : parts.every((part) => typeof part === 'string') ? parts.join('') : new Text(parts);
    return app.named(typeof value === 'string' ? value.replace(/\/\*?$/, '') : value);
  });
  return [...new Set(named.filter((one): one is Resource => one !== undefined))];
}
