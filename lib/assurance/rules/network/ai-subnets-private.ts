import type { Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import { isTrue, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-NW03`. */
export const aiSubnetsPrivate: Rule = {
  id: 'AISec-NW03',
  name: 'AiSubnetsPrivate',
  title: 'The subnets of an AI workload have no way to and from the internet of their own',
  severity: 'HIGH',
  controls: ['RT1', 'ML3'],
  threats: ['AML.T0025', 'AML.T0049', 'LLM06'],
  why: 'A public subnet gives a job an address of its own: it can be reached, and it can send out what it holds.',
  remedy: 'Use isolated subnets with endpoints for the services.',
  example: "new ec2.Vpc(this, 'Vpc', { subnetConfiguration: [{ name: 'ml', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-connect-to-resources.html',
  types: ['AWS::EC2::Subnet'],
  check: ({ app, resource }) => {
    if (!AiWorkload.of(app).isNamed(resource)) return undefined;
    return [judged(not(isTrue(resource.at('MapPublicIpOnLaunch'))), 'what starts there gets a public address', 'MapPublicIpOnLaunch'), ...publicRoutes(app, resource)];
  },
};

function publicRoutes(app: JudgedApp, subnet: Resource): Judgement[] {
  const tables = app
    .ofTypes('AWS::EC2::SubnetRouteTableAssociation')
    .filter((association) => app.named(association.at('SubnetId')) === subnet)
    .map((association) => app.named(association.at('RouteTableId')));
  return app
    .ofTypes('AWS::EC2::Route')
    .filter((route) => tables.includes(app.named(route.at('RouteTableId'))) && app.named(route.at('GatewayId'))?.type === 'AWS::EC2::InternetGateway')
    .map((route) => violated(`${route.logicalId} leads to the internet`));
}
