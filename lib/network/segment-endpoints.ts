import { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection, VpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import {
  GatewayVpcEndpoint, GatewayVpcEndpointAwsService, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService,
  VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint as PrivateDns,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AwsServiceId, ServiceEndpoint } from '../core/handler-contract';
import { endpointOf } from '../core/handler-contract';
import type { SegmentFeature } from './endpoint-exceptions';
import { ENDPOINT_EXCEPTIONS, hostsOfAnswers } from './endpoint-exceptions';
import { ownIdentities, ownResources } from './own-identities';
import type { SegmentGroups } from './segment-groups';

/** Sid of the statement that every endpoint has. */
export const OWN_TO_OWN = 'OwnIdentitiesToOwnResources';

const GATEWAYS: readonly AwsServiceId[] = ['s3', 'dynamodb'];

/** The images of a registry are stored in S3. */
const ALSO_NEEDS: Readonly<Partial<Record<AwsServiceId, AwsServiceId>>> = { 'ecr.dkr': 's3' };

export interface SegmentEndpointsProps {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly groups: SegmentGroups;
  /** Prefix lists of the gateway endpoints, by service. */
  readonly prefixLists: Readonly<Partial<Record<AwsServiceId, string>>>;
  /** Endpoints that are there, with the group of interface endpoints. */
  readonly existing: ReadonlyMap<AwsServiceId, ISecurityGroup | undefined>;
  /** Whether endpoints may be made at all: not in a VPC of another account. */
  readonly shared: boolean;
}

/**
 * The endpoints of a segment: gateways for S3 and DynamoDB, which cost nothing, and an interface for each other service once it is needed.
 */
export class SegmentEndpoints extends Construct {
  private readonly endpoints = new Map<AwsServiceId, VpcEndpoint[]>();
  private readonly needed = new Set<AwsServiceId | SegmentFeature>();

  constructor(scope: Construct, id: string, private readonly props: SegmentEndpointsProps) {
    super(scope, id);
    if (props.shared) return;
    for (const service of GATEWAYS.filter((gateway) => !props.existing.has(gateway))) {
      this.adopt(service, new GatewayVpcEndpoint(this, `${nameOf(service)}Gateway`, {
        vpc: props.vpc, subnets: [props.subnets], service: new GatewayVpcEndpointAwsService(service),
      }));
    }
  }

  /** Opens the way to a service. */
  public require(service: string): void {
    const endpoint = endpointOf(service);
    if (this.needed.has(endpoint.service)) return;
    this.open(endpoint);
    this.need(endpoint.service);
    const also = ALSO_NEEDS[endpoint.service];
    if (also) this.require(also);
  }

  /** Lets functions of custom resources answer CloudFormation. */
  public allowCustomResources(): void {
    this.require('s3');
    this.need('custom-resources');
  }

  /** The ids of the endpoints of a service that were made here. */
  public idsOf(service: string): string[] {
    return (this.endpoints.get(endpointOf(service).service) ?? []).map(({ vpcEndpointId }) => vpcEndpointId);
  }

  /** The host names that are answered by the endpoints, new and existing. */
  public get hosts(): string[] {
    const { region, urlSuffix } = Stack.of(this);
    const services = [...new Set([...this.endpoints.keys(), ...this.props.existing.keys()])].sort();
    const answers = this.needed.has('custom-resources') ? hostsOfAnswers(this) : [];
    return [...services.flatMap((service) => endpointOf(service).hosts), ...answers]
      .map((host) => host.replace('<region>', region).replace('<suffix>', urlSuffix));
  }

  private open({ service }: ServiceEndpoint): void {
    const { existing, groups, prefixLists, shared } = this.props;
    const where = `'${this.node.path}'`;
    const listed = existing.has(service);
    const gateway = GATEWAYS.includes(service);
    if (shared && !listed) {
      throw new Error(`${where} is in a VPC of another account without an endpoint for ${service}: name the owner's in existing.endpoints`);
    }
    const group = existing.get(service);
    const prefixList = prefixLists[service];
    if (group) return groups.allowToExisting(group, service);
    if (gateway && prefixList) return groups.allowToPrefixList(prefixList, service);
    // A group that was brought has the rules that its owner gave it.
    if (!groups.own && (listed || gateway)) return undefined;
    if (listed && !gateway) {
      throw new Error(`${where} cannot let its group reach the endpoint of ${service}: give securityGroup in existing.endpoints`);
    }
    if (listed || service === 'dynamodb') {
      const prop = service === 's3' ? 's3PrefixListId' : 'dynamoDbPrefixListId';
      throw new Error(`${where} reaches ${service} through a gateway: give ${prop}, since security groups here hold no addresses`);
    }
    return this.makeInterface(service);
  }

  private makeInterface(service: AwsServiceId): void {
    const { vpc, subnets, groups } = this.props;
    this.adopt(service, new InterfaceVpcEndpoint(this, nameOf(service), {
      vpc,
      subnets,
      service: new InterfaceVpcEndpointAwsService(service),
      securityGroups: [groups.forEndpoints()],
      open: false,
      privateDnsEnabled: true,
      // Without this the names of S3 would stay with the gateway, which the groups do not reach.
      ...(service === 's3' ? { privateDnsOnlyForInboundResolverEndpoint: PrivateDns.ALL_RESOLVERS } : {}),
    }));
  }

  private adopt(service: AwsServiceId, endpoint: VpcEndpoint): void {
    this.endpoints.set(service, [...(this.endpoints.get(service) ?? []), endpoint]);
    endpoint.addToPolicy(new PolicyStatement({
      sid: OWN_TO_OWN,
      principals: [new AnyPrincipal()],
      actions: [`${endpointOf(service).actionPrefix}:*`],
      resources: ['*'],
      conditions: { StringEquals: { ...ownIdentities(this), ...ownResources(this) } },
    }));
    const due = ENDPOINT_EXCEPTIONS.filter(({ endpoint: at, neededBy }) => at === service && this.needed.has(neededBy));
    for (const exception of due) addException(exception, endpoint, this);
  }

  private need(what: AwsServiceId | SegmentFeature): void {
    if (this.needed.has(what)) return;
    this.needed.add(what);
    for (const exception of ENDPOINT_EXCEPTIONS.filter(({ neededBy }) => neededBy === what)) {
      for (const endpoint of this.endpoints.get(exception.endpoint) ?? []) addException(exception, endpoint, this);
    }
  }
}

function addException({ sid, statement }: (typeof ENDPOINT_EXCEPTIONS)[number], endpoint: VpcEndpoint, scope: Construct): void {
  const allowed = statement(scope);
  if (!allowed) return;
  allowed.sid = sid;
  endpoint.addToPolicy(allowed);
}

/** `ecr.api` becomes `EcrApi`: the construct id, which must not change. */
function nameOf(service: AwsServiceId): string {
  return service.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
