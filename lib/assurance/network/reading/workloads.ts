import type { Resource, TemplateModel } from '../../template';
import { Unknown, isDict } from '../../template';
import type { NetworkNode } from '../parts';
import { doubtOf, handleOf, objectsOf, textOf } from './handle';
import { jobNodes } from './jobs';
import type { Place, Places } from './place';
import { isolatedOr, managed, placed, placement, unknownPlace } from './place';

type Reader = (resource: Resource, places: Places, model: TemplateModel) => Place;

/** Types whose code runs on a network and whose place is not read. */
const NOT_READ = [
  'AWS::Glue::Job', 'AWS::EMR::Cluster', 'AWS::EMRServerless::Application', 'AWS::Batch::ComputeEnvironment', 'AWS::EKS::Cluster',
  'AWS::AppRunner::Service', 'AWS::MWAA::Environment', 'AWS::SageMaker::Cluster', 'AWS::ElasticBeanstalk::Environment', 'AWS::Lightsail::Instance',
];

const READERS: Readonly<Record<string, Reader>> = {
  'AWS::Lambda::Function': (r, p) => inVpc(r, p, 'VpcConfig', 'SubnetIds', 'SecurityGroupIds', 'a function outside of a VPC reaches the internet'),
  'AWS::CodeBuild::Project': (r, p) => inVpc(r, p, 'VpcConfig', 'Subnets', 'SecurityGroupIds', 'a build outside of a VPC reaches the internet'),
  'AWS::SageMaker::Model': sageMaker,
  'AWS::SageMaker::EndpointConfig': endpointConfig,
  'AWS::SageMaker::Endpoint': (r, p, model) => {
    const config = model.resource(handleOf(r.at('EndpointConfigName')).id ?? '') ?? namedBy(r, 'EndpointConfigName', 'AWS::SageMaker::EndpointConfig');
    return config === undefined ? unknownPlace(`the configuration of ${r.id} is not in the templates`) : endpointConfig(config, p, model);
  },
  'AWS::SageMaker::NotebookInstance': notebook,
  'AWS::SageMaker::Domain': domain,
  'AWS::SageMaker::ProcessingJob': (r, p) => isolatedOr(r, r.at('NetworkConfig'), p),
  'AWS::SageMaker::DataQualityJobDefinition': (r, p) => isolatedOr(r, r.at('NetworkConfig'), p),
  'AWS::SageMaker::ModelBiasJobDefinition': (r, p) => isolatedOr(r, r.at('NetworkConfig'), p),
  'AWS::SageMaker::ModelExplainabilityJobDefinition': (r, p) => isolatedOr(r, r.at('NetworkConfig'), p),
  'AWS::SageMaker::ModelQualityJobDefinition': (r, p) => isolatedOr(r, r.at('NetworkConfig'), p),
  'AWS::ECS::Service': (r, p) => {
    const config = r.at('NetworkConfiguration.AwsvpcConfiguration');
    return config === undefined || config instanceof Unknown
      ? unknownPlace(`${r.id} runs on the network of machines that are not known`)
      : placed(placement(config, 'Subnets', 'SecurityGroups', p));
  },
  'AWS::EC2::Instance': instance,
  'AWS::AutoScaling::AutoScalingGroup': scalingGroup,
  'AWS::BedrockAgentCore::Runtime': (r, p) => agentCore(r, p, 'NetworkModeConfig'),
  'AWS::BedrockAgentCore::BrowserCustom': (r, p) => agentCore(r, p, 'VpcConfig'),
  'AWS::BedrockAgentCore::CodeInterpreterCustom': (r, p) => agentCore(r, p, 'VpcConfig'),
};

/** Types of what runs code on a network, `job` for what pipelines and state machines start. */
export const WORKLOAD_TYPES: readonly string[] = [...Object.keys(READERS), ...NOT_READ, 'job'];

/** What runs on a network, with where it stands. */
export function workloads(model: TemplateModel, places: Places): NetworkNode[] {
  const declared = model.resources.flatMap((resource): NetworkNode[] => {
    const reader = Object.hasOwn(READERS, resource.type) ? READERS[resource.type] : undefined;
    if (reader === undefined) return [];
    const doubt = doubtOf(resource);
    const read = resource.opaque ? unknownPlace(resource.opaque.reason) : reader(resource, places, model);
    return [{ id: resource.id, type: resource.type, ...read, unclear: [...read.unclear, ...(doubt && !resource.opaque ? [doubt] : [])] }];
  });
  return [...declared, ...jobNodes(model, places)];
}

/** Ids of what runs code at a place that is not read. */
export function unreadWorkloads(model: TemplateModel): string[] {
  return NOT_READ.flatMap((type) => model.ofType(type).map((resource) => resource.id));
}

function inVpc(resource: Resource, places: Places, config: string, subnets: string, groups: string, outside: string): Place {
  const value = resource.at(config);
  if (value instanceof Unknown) return unknownPlace(value.reason);
  const place = isDict(value) ? placement(value, subnets, groups, places) : undefined;
  return place === undefined || place.subnets.length === 0 ? managed(resource.id, outside) : placed(place);
}

function sageMaker(resource: Resource, places: Places): Place {
  return isolatedOr(resource, resource.properties, places);
}

/** What an endpoint runs: its models, or the containers of inference components on its own network. */
function endpointConfig(resource: Resource, places: Places, model: TemplateModel): Place {
  const unclear: string[] = [];
  const parts: Place[] = [];
  const open = (u: Unknown): void => void unclear.push(u.reason);
  for (const list of ['ProductionVariants', 'ShadowProductionVariants']) {
    objectsOf(resource.at(list), open).forEach((variant, index) => {
      if (variant.ModelName === undefined) parts.push(isolatedOr(resource, resource.properties, places));
      else {
        const found = model.resource(handleOf(variant.ModelName).id ?? '') ?? namedBy(resource, `${list}.${index}.ModelName`, 'AWS::SageMaker::Model');
        if (found?.type === 'AWS::SageMaker::Model') parts.push(sageMaker(found, places));
        else unclear.push(`a model of ${resource.id} is not in the templates`);
      }
    });
  }
  const internet = parts.find((p) => p.managed !== undefined);
  const isolated = parts.length > 0 && unclear.length === 0 && parts.every((p) => p.isolated !== undefined);
  return {
    placements: parts.flatMap((p) => p.placements),
    ...(internet?.managed ? { managed: internet.managed } : {}),
    ...(isolated ? { isolated: 'network isolation is on for all of its models', behind: parts.flatMap((p) => p.behind ?? []) } : {}),
    unclear: [...unclear, ...parts.flatMap((p) => p.unclear)],
  };
}

function namedBy(resource: Resource, property: string, type: string): Resource | undefined {
  return resource.edgesAt(property).find((e) => e.to.type === type)?.to;
}

function notebook(resource: Resource, places: Places): Place {
  const direct = resource.at('DirectInternetAccess');
  const subnet = resource.at('SubnetId');
  const place = subnet === undefined ? undefined : placement({ SubnetIds: subnet, Groups: resource.at('SecurityGroupIds') ?? [] }, 'SubnetIds', 'Groups', places);
  const inside = place === undefined ? [] : [place];
  if (direct === 'Disabled' && place !== undefined) return placed(place);
  const unsure = direct instanceof Unknown ? `whether ${resource.id} has direct internet access is not known: ${direct.reason}` : undefined;
  const says = place === undefined ? 'a notebook outside of a VPC reaches the internet' : 'a notebook has direct internet access unless it is disabled';
  return { ...managed(resource.id, says, unsure), placements: inside };
}

function domain(resource: Resource, places: Places): Place {
  const access = resource.at('AppNetworkAccessType');
  const groups = resource.at('DefaultUserSettings.SecurityGroups') ?? [];
  const place = placement({ SubnetIds: resource.at('SubnetIds') ?? [], Groups: groups }, 'SubnetIds', 'Groups', places);
  // SageMaker adds groups of its own to a domain, for traffic between its apps and its file system.
  if (access === 'VpcOnly') return placed(place);
  const unsure = access instanceof Unknown ? access.reason : undefined;
  return { ...managed(resource.id, "apps of a domain reach the internet unless its network is 'VpcOnly'", unsure), placements: [place] };
}

function instance(resource: Resource, places: Places): Place {
  const unclear: string[] = [];
  const interfaces = objectsOf(resource.at('NetworkInterfaces'), (u) => unclear.push(u.reason));
  if (interfaces.some((i) => i.NetworkInterfaceId !== undefined)) unclear.push(`a network interface of ${resource.id} is declared apart`);
  const own = interfaces.filter((i) => i.SubnetId !== undefined).map((i) => placement(i, 'SubnetId', 'GroupSet', places));
  const subnet = resource.at('SubnetId');
  if (subnet !== undefined) own.push(placement({ S: subnet, G: resource.at('SecurityGroupIds') ?? [] }, 'S', 'G', places));
  if (own.length === 0) unclear.push(`${resource.id} names no subnet: it stands in the default VPC or where its launch template says`);
  return { placements: own, unclear };
}

function scalingGroup(resource: Resource, places: Places, model: TemplateModel): Place {
  const zone = resource.at('VPCZoneIdentifier');
  const id = handleOf(resource.at('LaunchTemplate.LaunchTemplateId')).id;
  const template = id === undefined ? undefined : model.resource(id);
  const groups = template?.at('LaunchTemplateData.SecurityGroupIds');
  if (zone === undefined || groups === undefined) return unknownPlace(`subnets or groups of ${resource.id} are not in its launch template`);
  return placed(placement({ S: zone, G: groups }, 'S', 'G', places));
}

function agentCore(resource: Resource, places: Places, property: string): Place {
  const mode = resource.at('NetworkConfiguration.NetworkMode');
  if (mode instanceof Unknown) return unknownPlace(mode.reason);
  if (textOf(mode) === 'SANDBOX') return unknownPlace(`${resource.id} runs in a sandbox of AWS, whose ways out are not documented in full`);
  if (textOf(mode) !== 'VPC') return managed(resource.id, "runs in network mode 'PUBLIC', which reaches the internet");
  const config = resource.at(`NetworkConfiguration.${property}`);
  return config === undefined || config instanceof Unknown
    ? unknownPlace(`subnets and groups of ${resource.id} are not known`)
    : placed(placement(config, 'Subnets', 'SecurityGroups', places));
}
