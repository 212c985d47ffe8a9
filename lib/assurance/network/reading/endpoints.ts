import type { Resource, TemplateModel } from '../../template';
import { Unknown, isList } from '../../template';
import type { NetworkEndpoint } from '../parts';
import { doubtOf, handleOf, roughText, textOf } from './handle';
import type { SecurityGroups } from './security-groups';
import type { Vpcs } from './vpcs';

/** The VPC endpoints of the templates. */
export function endpoints(model: TemplateModel, vpcs: Vpcs, groups: SecurityGroups): NetworkEndpoint[] {
  return model.ofType('AWS::EC2::VPCEndpoint').map((resource) => {
    const vpc = handleOf(resource.at('VpcId')).id;
    const kind = kindOf(resource);
    const name = resource.at('ServiceName');
    const serviceName = textOf(name) ?? roughText(name);
    const own = groups.named(resource.at('SecurityGroupIds'));
    const fallback = vpc === undefined ? [] : [groups.byId(`${vpc}.DefaultSecurityGroup`)].filter((g) => g !== undefined);
    const doubt = doubtOf(resource);
    const tables = resource.at('RouteTableIds');
    const unclear = [
      ...(doubt ? [doubt] : []),
      ...(serviceName === undefined && kind !== 'OTHER' ? [`the service behind ${resource.id} is not known`] : []),
      ...(tables instanceof Unknown ? [`the route tables of ${resource.id} are not known`] : []),
    ];
    return {
      id: resource.id,
      logicalId: resource.logicalId,
      type: resource.type,
      kind,
      vpc,
      serviceName,
      ofAws: serviceName !== undefined && /^(com\.amazonaws\.|aws\.|cn\.com\.amazonaws\.)/.test(serviceName) && !/\.vpce\.|vpce-svc-/.test(serviceName),
      hasPolicy: resource.at('PolicyDocument') !== undefined,
      placements: kind === 'INTERFACE' ? [{ subnets: vpcs.named(resource.at('SubnetIds')), groups: own.length > 0 ? own : fallback }] : [],
      tables: isList(tables) ? tables.flatMap((t) => handleOf(t).id ?? []) : [],
      unclear,
    };
  });
}

function kindOf(resource: Resource): NetworkEndpoint['kind'] {
  const type = resource.at('VpcEndpointType');
  if (type === undefined || type === 'Gateway') return 'GATEWAY';
  return type === 'Interface' ? 'INTERFACE' : 'OTHER';
}
