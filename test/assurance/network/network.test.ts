import { describe, expect, test } from 'vitest';
import type { ExitKind, ReachVerdict } from '../../../lib/assurance/network';
import { INTERNET, Network, NetworkError, describePath } from '../../../lib/assurance/network';
import { TemplateModel } from '../../../lib/assurance/template';

type Properties = Record<string, unknown>;
type Resources = Record<string, { Type: string; Properties?: Properties; Condition?: string }>;

const ref = (Ref: string): object => ({ Ref });
const att = (id: string, attribute: string): object => ({ 'Fn::GetAtt': [id, attribute] });
const made = (Type: string, Properties: Properties = {}): { Type: string; Properties: Properties } => ({ Type, Properties });

/** A VPC with a subnet that has a route table, a group that lets nothing out but to members of `Peers`, and a function in it. */
function closed(more: Resources = {}, sections: object = {}): Network {
  return networkOf({ ...CLOSED, ...more }, sections);
}

function networkOf(resources: Resources, sections: object = {}): Network {
  const template = JSON.parse(JSON.stringify({ ...sections, Resources: resources })) as unknown;
  return Network.of(TemplateModel.of([{ stackName: 'app', template, account: '111122223333', region: 'eu-west-1' }]));
}

const CLOSED: Resources = {
  Vpc: made('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  SubnetA: made('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }),
  SubnetB: made('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' }),
  Table: made('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  JoinA: made('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('SubnetA'), RouteTableId: ref('Table') }),
  JoinB: made('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('SubnetB'), RouteTableId: ref('Table') }),
  Group: made('AWS::EC2::SecurityGroup', {
    VpcId: ref('Vpc'),
    SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: att('Peers', 'GroupId') }],
  }),
  Peers: made('AWS::EC2::SecurityGroup', {
    VpcId: ref('Vpc'),
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: att('Group', 'GroupId') }],
    SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, CidrIp: '255.255.255.255/32' }],
  }),
  Fn: made('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [ref('SubnetA')], SecurityGroupIds: [att('Group', 'GroupId')] } }),
  Store: made('AWS::EC2::Instance', { SubnetId: ref('SubnetB'), SecurityGroupIds: [att('Peers', 'GroupId')] }),
};
const IGW: Resources = {
  Igw: made('AWS::EC2::InternetGateway'),
  Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Igw') }),
};
const egress = (rule: Properties, id = 'Group'): Resources => ({
  Egress: made('AWS::EC2::SecurityGroupEgress', { GroupId: att(id, 'GroupId'), IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...rule }),
});
const OPEN_EGRESS = egress({ CidrIp: '0.0.0.0/0' });

function pathText(verdict: ReachVerdict): string {
  return verdict.verdict === 'REFUTED' ? describePath(verdict.path) : verdict.verdict === 'UNDETERMINED' ? `? ${verdict.reasons.join('; ')}` : verdict.verdict;
}

const exitsOf = (network: Network, from = 'app/Fn'): [ExitKind, string, boolean][] =>
  network.exits(from).map((exit) => [exit.kind, exit.to, exit.path !== undefined]);

describe('a function in a VPC without a way out', () => {
  test('reaches the members of the group that its rule names, and not the other way round', () => {
    expect(pathText(closed().reach('app/Fn', 'app/Store'))).toBe(
      'TCP from 10.0.0.0 to 10.0.1.0 port 443: app/SubnetA is where packets begin -> app/Group lets out TCP 443 to members of app/Peers'
        + ' -> app/Vpc.DefaultNetworkAcl lets everything through: the default of AWS -> app/Vpc routes its own addresses inside'
        + ' -> app/Vpc.DefaultNetworkAcl lets everything through: the default of AWS -> app/Peers lets in TCP 443 from members of app/Group',
    );
    expect(closed().reach('app/Store', 'app/Fn').verdict).toBe('PROVED');
  });
  test('does not reach the internet, and nothing leaves its VPC', () => {
    expect(closed().reach('app/Fn', INTERNET).verdict).toBe('PROVED');
    expect(closed().reach(INTERNET, 'app/Fn').verdict).toBe('PROVED');
    expect(exitsOf(closed())).toEqual([]);
  });
  test('a rule on one side alone opens nothing', () => {
    const { Peers, ...others } = CLOSED;
    const shut = { ...others, Peers: made('AWS::EC2::SecurityGroup', { ...Peers.Properties, SecurityGroupIngress: [] }) };
    expect(networkOf(shut).reach('app/Fn', 'app/Store').verdict).toBe('PROVED');
    const apart = made('AWS::EC2::SecurityGroupIngress', { GroupId: att('Peers', 'GroupId'), IpProtocol: '6', FromPort: 400, ToPort: 500, CidrIp: '10.0.0.0/25' });
    expect(networkOf({ ...shut, Apart: apart }).reach('app/Fn', 'app/Store').verdict).toBe('REFUTED');
    const elsewhere = { ...apart, Properties: { ...apart.Properties, CidrIp: '10.0.2.0/24' } };
    expect(networkOf({ ...shut, Apart: elsewhere }).reach('app/Fn', 'app/Store').verdict).toBe('PROVED');
  });
});

describe('the internet needs a route and a rule', () => {
  test.each<[string, Resources, ReachVerdict['verdict']]>([
    ['a route alone', IGW, 'PROVED'],
    ['a rule alone', OPEN_EGRESS, 'PROVED'],
    ['both', { ...IGW, ...OPEN_EGRESS }, 'REFUTED'],
    ['a route to a private range', { ...OPEN_EGRESS, ...IGW, Out: made('AWS::EC2::Route', { ...IGW.Out.Properties, DestinationCidrBlock: '172.16.0.0/12' }) }, 'PROVED'],
    ['a rule to private addresses', { ...IGW, ...egress({ CidrIp: '10.0.0.0/8' }) }, 'PROVED'],
    ['a group that has lost its rules', { ...IGW, Group: made('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc') }) }, 'REFUTED'],
    [
      'a more specific route to nowhere in front of part of it',
      { ...IGW, ...egress({ CidrIp: '198.51.100.0/24' }), Hole: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '198.51.100.0/24' }) },
      'PROVED',
    ],
    [
      '… which does not cover what the rule lets out',
      { ...IGW, ...egress({ CidrIp: '198.51.100.0/23' }), Hole: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '198.51.100.0/24' }) },
      'REFUTED',
    ],
    [
      'a NAT gateway in a subnet with a route of its own',
      {
        ...OPEN_EGRESS,
        Igw: IGW.Igw,
        Nat: made('AWS::EC2::NatGateway', { SubnetId: ref('Public') }),
        Public: made('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.9.0/24' }),
        PublicTable: made('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
        PublicJoin: made('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Public'), RouteTableId: ref('PublicTable') }),
        Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') }),
        PublicOut: made('AWS::EC2::Route', { RouteTableId: ref('PublicTable'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Igw') }),
      },
      'REFUTED',
    ],
    [
      '… and in one without',
      {
        ...OPEN_EGRESS,
        Nat: made('AWS::EC2::NatGateway', { SubnetId: ref('SubnetC') }),
        SubnetC: made('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.9.0/24' }),
        Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') }),
      },
      'PROVED',
    ],
    [
      'an interface of a machine',
      { ...OPEN_EGRESS, Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId: 'eni-1' }) },
      'UNDETERMINED',
    ],
  ])('%s', (_name, more, expected) => expect(closed(more).reach('app/Fn', INTERNET).verdict).toBe(expected));

  test('the path says which rule and which route', () => {
    expect(pathText(closed({ ...IGW, ...OPEN_EGRESS }).reach('app/Fn', INTERNET))).toMatch(
      /^TCP from 10\.0\.0\.0 to 1\.0\.0\.0 port 443: .*app\/Egress lets out TCP 443 to 0\.0\.0\.0\/0 .*app\/Out routes 0\.0\.0\.0\/0 to the internet -> internet is reached$/,
    );
    expect(exitsOf(closed({ ...IGW, ...OPEN_EGRESS }))).toEqual([['INTERNET', INTERNET, true]]);
  });

  test('from outside, a rule that lets in and a route that answers take', () => {
    const ingress = { In: made('AWS::EC2::SecurityGroupIngress', { GroupId: att('Peers', 'GroupId'), IpProtocol: '-1', CidrIp: '0.0.0.0/0' }) };
    expect(closed(ingress).reach(INTERNET, 'app/Store').verdict).toBe('PROVED');
    expect(closed(IGW).reach(INTERNET, 'app/Store').verdict).toBe('PROVED');
    expect(closed({ ...IGW, ...ingress }).reach(INTERNET, 'app/Store').verdict).toBe('REFUTED');
    expect(closed({ ...IGW, ...ingress }).reach(INTERNET, 'app/Fn').verdict).toBe('PROVED');
  });
});

describe('IPv6 is a network of its own', () => {
  const dual: Resources = {
    Six: made('AWS::EC2::VPCCidrBlock', { VpcId: ref('Vpc'), AmazonProvidedIpv6CidrBlock: true }),
    SubnetA: made('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24', Ipv6CidrBlock: '2001:db8:0:1::/64' }),
    OnlyOut: made('AWS::EC2::EgressOnlyInternetGateway', { VpcId: ref('Vpc') }),
    Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: ref('OnlyOut') }),
  };
  test('an egress-only gateway leads out, for IPv6 rules alone', () => {
    expect(closed({ ...dual, ...OPEN_EGRESS }).reach('app/Fn', INTERNET).verdict).toBe('PROVED');
    const six = closed({ ...dual, ...egress({ CidrIpv6: '::/0' }) }).reach('app/Fn', INTERNET);
    expect(pathText(six)).toMatch(/^TCP from 2001:db8:0:1::? to 2000::? port 443: /);
  });
  test('… and nobody in', () => {
    const ingress = { In: made('AWS::EC2::SecurityGroupIngress', { GroupId: att('Group', 'GroupId'), IpProtocol: '-1', CidrIpv6: '::/0' }) };
    expect(closed({ ...dual, ...ingress }).reach(INTERNET, 'app/Fn').verdict).toBe('PROVED');
  });
  test('a subnet without IPv6 addresses sends none', () => {
    const { Out, OnlyOut } = dual;
    expect(closed({ Out, OnlyOut, ...egress({ CidrIpv6: '::/0' }) }).reach('app/Fn', INTERNET).verdict).toBe('PROVED');
  });
});

describe('network ACLs look at both ways', () => {
  const acl = (entries: Properties[], subnet = 'SubnetA'): Resources => ({
    Acl: made('AWS::EC2::NetworkAcl', { VpcId: ref('Vpc') }),
    AclJoin: made('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref(subnet), NetworkAclId: ref('Acl') }),
    ...Object.fromEntries(entries.map((e, i) => [`Entry${i}`, made('AWS::EC2::NetworkAclEntry', { NetworkAclId: ref('Acl'), Protocol: -1, CidrBlock: '0.0.0.0/0', ...e })])),
  });
  const both = [
    { RuleNumber: 100, RuleAction: 'allow', Egress: true },
    { RuleNumber: 100, RuleAction: 'allow', Egress: false },
  ];
  test.each<[string, Resources, ReachVerdict['verdict']]>([
    ['both open', acl(both), 'REFUTED'],
    ['no entry', acl([]), 'PROVED'],
    ['out alone: answers do not come back', acl([both[0]]), 'PROVED'],
    ['in alone', acl([both[1]]), 'PROVED'],
    ['a denial before the permission', acl([...both, { RuleNumber: 50, RuleAction: 'deny', Egress: true, CidrBlock: '10.0.1.0/24' }]), 'PROVED'],
    ['a denial after it', acl([...both, { RuleNumber: 200, RuleAction: 'deny', Egress: true }]), 'REFUTED'],
    ['a denial of other ports', acl([...both, { RuleNumber: 50, RuleAction: 'deny', Egress: true, Protocol: 6, PortRange: { From: 80, To: 80 } }]), 'REFUTED'],
    ['a denial of the port', acl([...both, { RuleNumber: 50, RuleAction: 'deny', Egress: true, Protocol: 6, PortRange: { From: 400, To: 500 } }]), 'PROVED'],
    ['a denial at the other end', acl([...both, { RuleNumber: 50, RuleAction: 'deny', Egress: false, CidrBlock: '10.0.0.0/24' }], 'SubnetB'), 'PROVED'],
    ['answers that are stopped at the other end', acl([both[1]], 'SubnetB'), 'PROVED'],
    ['an action that is not known', acl([...both, { RuleNumber: 50, RuleAction: ref('P'), Egress: true }]), 'REFUTED'],
  ])('%s', (_name, more, expected) =>
    expect(closed(more, { Parameters: { P: { Type: 'String' } } }).reach('app/Fn', 'app/Store').verdict).toBe(expected),
  );
  test('within one subnet it does not count', () => {
    const near = { Store: made('AWS::EC2::Instance', { ...CLOSED.Store.Properties, SubnetId: ref('SubnetA') }) };
    expect(closed({ ...acl([]), ...near }).reach('app/Fn', 'app/Store').verdict).toBe('REFUTED');
    const shut = { Peers: made('AWS::EC2::SecurityGroup', { ...CLOSED.Peers.Properties, SecurityGroupIngress: [] }) };
    expect(closed({ ...acl([]), ...near, ...shut }).reach('app/Fn', 'app/Store').verdict).toBe('PROVED');
  });
  test('packets without answers pass one way', () => {
    const udp = { Store: CLOSED.Store, ...egress({ IpProtocol: 'udp', CidrIp: '10.0.0.0/16' }) };
    const ingress = { In: made('AWS::EC2::SecurityGroupIngress', { GroupId: att('Peers', 'GroupId'), IpProtocol: 'udp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }) };
    expect(pathText(closed({ ...acl([both[0]]), ...udp, ...ingress }).reach('app/Fn', 'app/Store'))).toMatch(/^UDP from/);
  });
});

const OTHER: Resources = {
  Vpc2: made('AWS::EC2::VPC', { CidrBlock: '10.1.0.0/16' }),
  Far: made('AWS::EC2::Subnet', { VpcId: ref('Vpc2'), CidrBlock: '10.1.0.0/24' }),
  FarTable: made('AWS::EC2::RouteTable', { VpcId: ref('Vpc2') }),
  FarJoin: made('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Far'), RouteTableId: ref('FarTable') }),
  FarGroup: made('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc2'), SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }] }),
  FarBox: made('AWS::EC2::Instance', { SubnetId: ref('Far'), SecurityGroupIds: [ref('FarGroup')] }),
  ...OPEN_EGRESS,
};

describe('other VPCs', () => {
  const peering: Resources = {
    ...OTHER,
    Peering: made('AWS::EC2::VPCPeeringConnection', { VpcId: ref('Vpc'), PeerVpcId: ref('Vpc2') }),
    There: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId: ref('Peering') }),
    Back: made('AWS::EC2::Route', { RouteTableId: ref('FarTable'), DestinationCidrBlock: '10.0.0.0/16', VpcPeeringConnectionId: ref('Peering') }),
  };
  test('are not reached without anything that joins them', () => expect(closed(OTHER).reach('app/Fn', 'app/FarBox').verdict).toBe('PROVED'));
  test('are reached over a peering with routes both ways', () => {
    expect(pathText(closed(peering).reach('app/Fn', 'app/FarBox'))).toContain('app/Peering joins app/Vpc and app/Vpc2');
    expect(exitsOf(closed(peering))).toEqual([['NETWORK', 'app/Vpc2', true]]);
    const { There, Back, ...unrouted } = peering;
    expect(closed({ ...unrouted, Back }).reach('app/Fn', 'app/FarBox').verdict).toBe('PROVED');
    // Without a way back a conversation fails; what is sent without one has left all the same.
    expect(closed({ ...unrouted, There }).reach('app/Fn', 'app/FarBox').verdict).toBe('PROVED');
    expect(exitsOf(closed({ ...unrouted, There }))).toEqual([['NETWORK', 'app/Vpc2', true]]);
  });
  test('a peering does not lead on to a third', () => {
    const third = { ...peering, There: made('AWS::EC2::Route', { ...peering.There.Properties, DestinationCidrBlock: '10.2.0.0/16' }) };
    expect(closed(third).reach('app/Fn', 'app/FarBox').verdict).toBe('PROVED');
  });

  const attachment = (vpc: string, subnet: string): { Type: string; Properties: Properties } =>
    made('AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: ref('Tgw'), VpcId: ref(vpc), SubnetIds: [ref(subnet)] });
  const transit: Resources = {
    ...OTHER,
    Tgw: made('AWS::EC2::TransitGateway'),
    Near: attachment('Vpc', 'SubnetA'),
    FarAttachment: attachment('Vpc2', 'Far'),
    There: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: ref('Tgw') }),
    Back: made('AWS::EC2::Route', { RouteTableId: ref('FarTable'), DestinationCidrBlock: '10.0.0.0/8', TransitGatewayId: ref('Tgw') }),
  };
  const tables = (Options: Properties): Resources => ({
    ...transit,
    Tgw: made('AWS::EC2::TransitGateway', { DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }),
    TgwTable: made('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref('Tgw') }),
    ...Object.fromEntries(
      ['Near', 'FarAttachment'].map((id) => [
        `${id}Join`,
        made('AWS::EC2::TransitGatewayRouteTableAssociation', { TransitGatewayAttachmentId: ref(id), TransitGatewayRouteTableId: ref('TgwTable') }),
      ]),
    ),
    ...(Options as Resources),
  });
  const propagated = Object.fromEntries(
    ['Near', 'FarAttachment'].map((id) => [
      `${id}Prop`,
      made('AWS::EC2::TransitGatewayRouteTablePropagation', { TransitGatewayAttachmentId: ref(id), TransitGatewayRouteTableId: ref('TgwTable') }),
    ]),
  );
  const fixed = (more: Properties): Resources => ({
    Fixed: made('AWS::EC2::TransitGatewayRoute', { TransitGatewayRouteTableId: ref('TgwTable'), DestinationCidrBlock: '10.1.0.0/16', ...more }),
  });
  test.each<[string, Resources, ReachVerdict['verdict']]>([
    ['by default every attachment reaches every other', transit, 'REFUTED'],
    ['tables without routes', tables({}), 'PROVED'],
    ['tables with propagation', tables(propagated), 'REFUTED'],
    ['a fixed route there, and none back', tables(fixed({ TransitGatewayAttachmentId: ref('FarAttachment') })), 'PROVED'],
    ['a black hole that is more specific than what is propagated', tables({ ...propagated, ...fixed({ DestinationCidrBlock: '10.1.0.0/24', Blackhole: true }) }), 'PROVED'],
    ['a gateway that the templates only name', { ...transit, ...Object.fromEntries(Object.entries(transit).map(([id, r]) => [id, JSON.parse(JSON.stringify(r).replaceAll('{"Ref":"Tgw"}', '"tgw-1"')) as Resources[string]])) }, 'UNDETERMINED'],
  ])('over a transit gateway: %s', (_name, more, expected) => expect(closed(more).reach('app/Fn', 'app/FarBox').verdict).toBe(expected));

  test('the internet behind a transit gateway is followed through the other VPC', () => {
    const central: Resources = {
      ...tables({ ...propagated, ...fixed({ DestinationCidrBlock: '0.0.0.0/0', TransitGatewayAttachmentId: ref('FarAttachment') }) }),
      Everything: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: ref('Tgw') }),
    };
    expect(closed(central).reach('app/Fn', INTERNET).verdict).toBe('PROVED');
    const { Fixed, ...rest } = central;
    expect(Fixed.Type).toBe('AWS::EC2::TransitGatewayRoute');
    expect(pathText(closed(rest).reach('app/Fn', INTERNET))).toMatch(/^\? .*whatever is attached to app\/Tgw leads on to the internet/);
    const igw = { Igw: IGW.Igw, FarOut: made('AWS::EC2::Route', { RouteTableId: ref('FarTable'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Igw') }) };
    expect(closed({ ...central, ...igw }).reach('app/Fn', INTERNET).verdict).toBe('REFUTED');
  });
  test('a private gateway leads to a network outside of the templates', () => {
    const vpn = { Vgw: made('AWS::EC2::VPNGateway'), Out: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '192.168.0.0/16', GatewayId: ref('Vgw') }) };
    expect(exitsOf(closed({ ...OPEN_EGRESS, ...vpn }))).toEqual([['NETWORK', 'the network behind app/Vgw', true]]);
    expect(exitsOf(closed(vpn))).toEqual([]);
  });
});

describe('endpoints', () => {
  const endpoint = (more: Properties): { Type: string; Properties: Properties } =>
    made('AWS::EC2::VPCEndpoint', {
      VpcId: ref('Vpc'),
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.eu-west-1.kms',
      SubnetIds: [ref('SubnetB')],
      SecurityGroupIds: [ref('Peers')],
      PolicyDocument: { Statement: [] },
      ...more,
    });
  test('an interface endpoint is reached like anything else', () => {
    const network = closed({ Kms: endpoint({}), Shut: endpoint({ SecurityGroupIds: [ref('Group')] }) });
    expect(exitsOf(network)).toEqual([['AWS_SERVICE', 'app/Kms', true]]);
    expect(network.endpointsOf('app/Fn')).toEqual(['app/Kms']);
    expect(network.exits('app/Fn')[0].guarded).toBe(true);
  });
  test('an endpoint of somebody else is a way out to a partner, one without a policy is not guarded', () => {
    const network = closed({
      Foreign: endpoint({ ServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-1' }),
      Unguarded: endpoint({ PolicyDocument: undefined, ServiceName: { 'Fn::Join': ['.', ['com.amazonaws', ref('AWS::Region'), 'kms']] } }),
    });
    expect(network.exits('app/Fn').map((e) => [e.kind, e.to, e.guarded])).toEqual([
      ['PARTNER', 'app/Foreign', true],
      ['AWS_SERVICE', 'app/Unguarded', false],
    ]);
  });
  test('a gateway takes its route table and a rule', () => {
    const gateway = endpoint({ VpcEndpointType: 'Gateway', ServiceName: 'com.amazonaws.eu-west-1.s3', RouteTableIds: [ref('Table')], SubnetIds: undefined, SecurityGroupIds: undefined });
    const apart = { ...gateway, Properties: { ...gateway.Properties, RouteTableIds: ['rtb-1'] } };
    expect(exitsOf(closed({ S3: gateway }))).toEqual([]);
    expect(exitsOf(closed({ S3: gateway, ...egress({ CidrIp: '3.0.0.0/8' }) }))).toEqual([['AWS_SERVICE', 'app/S3', true]]);
    // Whose list it is the templates do not say, so it may be that of the gateway.
    expect(exitsOf(closed({ S3: gateway, ...egress({ DestinationPrefixListId: 'pl-6da54004' }) }))).toEqual([['AWS_SERVICE', 'app/S3', false]]);
    expect(exitsOf(closed({ S3: apart, ...egress({ DestinationPrefixListId: 'pl-6da54004' }) }))).toEqual([]);
    const empty = { Nowhere: made('AWS::EC2::PrefixList', { Entries: [], MaxEntries: 1 }), ...egress({ DestinationPrefixListId: att('Nowhere', 'PrefixListId') }) };
    expect(exitsOf(closed({ S3: gateway, ...empty }))).toEqual([]);
  });
});

describe('what runs where', () => {
  const place = { Subnets: [ref('SubnetA')], SecurityGroupIds: [ref('Group')] };
  const variants = (ModelName: unknown): Properties => ({ ProductionVariants: [{ ModelName }] });
  const training = (job: Properties): string => JSON.stringify({ Steps: [{ Name: 'Train', Type: 'Training', Arguments: { AlgorithmSpecification: {}, ...job } }] });
  test.each<[string, Resources, string, ReachVerdict['verdict']]>([
    ['a function outside of a VPC', { X: made('AWS::Lambda::Function', {}) }, 'app/X', 'REFUTED'],
    ['a function in one', {}, 'app/Fn', 'PROVED'],
    ['a build outside of a VPC', { X: made('AWS::CodeBuild::Project', {}) }, 'app/X', 'REFUTED'],
    ['a build in one', { X: made('AWS::CodeBuild::Project', { VpcConfig: { VpcId: ref('Vpc'), ...place } }) }, 'app/X', 'PROVED'],
    ['a model without a VPC', { X: made('AWS::SageMaker::Model', {}) }, 'app/X', 'REFUTED'],
    ['an isolated model without a VPC', { X: made('AWS::SageMaker::Model', { EnableNetworkIsolation: true }) }, 'app/X', 'PROVED'],
    ['a model in a VPC', { X: made('AWS::SageMaker::Model', { VpcConfig: place }) }, 'app/X', 'PROVED'],
    ['an endpoint of a model without a VPC', {
      M: made('AWS::SageMaker::Model', {}), C: made('AWS::SageMaker::EndpointConfig', variants(att('M', 'ModelName'))), X: made('AWS::SageMaker::Endpoint', { EndpointConfigName: att('C', 'EndpointConfigName') }),
    }, 'app/X', 'REFUTED'],
    ['an endpoint of an isolated one', {
      M: made('AWS::SageMaker::Model', { EnableNetworkIsolation: true }), C: made('AWS::SageMaker::EndpointConfig', variants(att('M', 'ModelName'))), X: made('AWS::SageMaker::Endpoint', { EndpointConfigName: att('C', 'EndpointConfigName') }),
    }, 'app/X', 'PROVED'],
    ['an endpoint of a model from elsewhere', { X: made('AWS::SageMaker::EndpointConfig', variants('model')) }, 'app/X', 'UNDETERMINED'],
    ['a notebook with direct access, the default', { X: made('AWS::SageMaker::NotebookInstance', { SubnetId: ref('SubnetA'), SecurityGroupIds: [ref('Group')] }) }, 'app/X', 'REFUTED'],
    ['a notebook without', { X: made('AWS::SageMaker::NotebookInstance', { SubnetId: ref('SubnetA'), SecurityGroupIds: [ref('Group')], DirectInternetAccess: 'Disabled' }) }, 'app/X', 'PROVED'],
    ['a domain that is not VpcOnly', { X: made('AWS::SageMaker::Domain', { SubnetIds: [ref('SubnetA')], DefaultUserSettings: { SecurityGroups: [ref('Group')] } }) }, 'app/X', 'REFUTED'],
    ['a domain that is', { X: made('AWS::SageMaker::Domain', { AppNetworkAccessType: 'VpcOnly', SubnetIds: [ref('SubnetA')], DefaultUserSettings: { SecurityGroups: [ref('Group')] } }) }, 'app/X', 'PROVED'],
    ['a service of containers', { X: made('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ref('SubnetA')], SecurityGroups: [ref('Group')] } } }) }, 'app/X', 'PROVED'],
    ['a service on machines that are not known', { X: made('AWS::ECS::Service', {}) }, 'app/X', 'UNDETERMINED'],
    ['a machine without a subnet', { X: made('AWS::EC2::Instance', {}) }, 'app/X', 'UNDETERMINED'],
    ['a public agent', { X: made('AWS::BedrockAgentCore::Runtime', { NetworkConfiguration: { NetworkMode: 'PUBLIC' } }) }, 'app/X', 'REFUTED'],
    ['an agent in a VPC', { X: made('AWS::BedrockAgentCore::Runtime', { NetworkConfiguration: { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: [ref('SubnetA')], SecurityGroups: [ref('Group')] } } }) }, 'app/X', 'PROVED'],
    ['a training step without a VPC', { X: made('AWS::SageMaker::Pipeline', { PipelineDefinition: { PipelineDefinitionBody: training({}) } }) }, 'app/X#Steps.Train.Arguments', 'REFUTED'],
    ['an isolated training step', { X: made('AWS::SageMaker::Pipeline', { PipelineDefinition: { PipelineDefinitionBody: training({ EnableNetworkIsolation: true }) } }) }, 'app/X#Steps.Train.Arguments', 'PROVED'],
    ['a pipeline in a bucket', { X: made('AWS::SageMaker::Pipeline', { PipelineDefinition: { PipelineDefinitionS3Location: {} } }) }, 'app/X#jobs', 'UNDETERMINED'],
    ['a state machine that starts a job in a VPC', {
      X: made('AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Join': ['', ['{"States":{"Run":{"Parameters":{"AlgorithmSpecification":{},"VpcConfig":{"Subnets":["', ref('SubnetA'), '"],"SecurityGroupIds":["', att('Group', 'GroupId'), '"]}}}}}']] } }),
    }, 'app/X#States.Run.Parameters', 'PROVED'],
    ['… whose VPC is known only when it runs', {
      X: made('AWS::StepFunctions::StateMachine', { DefinitionString: '{"States":{"Run":{"Parameters":{"AlgorithmSpecification":{},"VpcConfig.$":"$.vpc"}}}}' }),
    }, 'app/X#States.Run.Parameters', 'UNDETERMINED'],
    ['a processing job without isolation', { X: made('AWS::SageMaker::DataQualityJobDefinition', { NetworkConfig: {} }) }, 'app/X', 'REFUTED'],
    ['a function without a group has the default one', { ...IGW, X: made('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [ref('SubnetA')] } }) }, 'app/X', 'REFUTED'],
  ])('%s', (_name, more, id, expected) => expect(pathText(closed(more).reach(id, INTERNET))).toMatch(expected === 'REFUTED' ? /^TCP/ : expected === 'PROVED' ? /^PROVED$/ : /^\?/));
  test('what runs code at a place that is not read is named', () => {
    expect(closed({ X: made('AWS::Glue::Job', {}) }).unread).toEqual(['app/X']);
  });
});

describe('what the templates leave open is never proved', () => {
  const sections = { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [ref('P'), 'x'] } } };
  const maybe = (resources: Resources): Resources => Object.fromEntries(Object.entries(resources).map(([id, r]) => [id, { ...r, Condition: 'C' }]));
  test.each<[string, Resources]>([
    ['a route behind a condition', { ...OPEN_EGRESS, Igw: IGW.Igw, ...maybe({ Out: IGW.Out }) }],
    ['a rule behind a condition', { ...IGW, ...maybe(OPEN_EGRESS) }],
    ['a range that is a parameter', { ...IGW, ...egress({ CidrIp: ref('P') }) }],
    ['a gateway that is a parameter', { ...OPEN_EGRESS, Out: made('AWS::EC2::Route', { ...IGW.Out.Properties, GatewayId: ref('P') }) }],
    ['a group that is a parameter', { ...IGW, Fn: made('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [ref('SubnetA')], SecurityGroupIds: [ref('P')] } }) }],
    ['a subnet from elsewhere', { ...OPEN_EGRESS, Fn: made('AWS::Lambda::Function', { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [ref('Group')] } }) }],
    ['a rule for a group that is not known', { In: made('AWS::EC2::SecurityGroupEgress', { GroupId: ref('P'), IpProtocol: '-1', CidrIp: '0.0.0.0/0' }) }],
    ['a route in a table that is not known', { Out: made('AWS::EC2::Route', { RouteTableId: ref('P'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }) }],
    ['a hole in a route behind a condition', { ...IGW, ...egress({ CidrIp: '198.51.100.0/24' }), ...maybe({ Hole: made('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '198.51.100.0/24' }) }) }],
    ['a model whose isolation is a parameter', { Fn: made('AWS::SageMaker::Model', { EnableNetworkIsolation: ref('P') }) }],
    ['a service network', { Lattice: made('AWS::VpcLattice::ServiceNetworkVpcAssociation', {}) }],
  ])('%s', (_name, more) => expect(closed(more, sections).reach('app/Fn', INTERNET).verdict).toBe('UNDETERMINED'));
  test('a macro', () => expect(closed({}, { Transform: 'My::Macro' }).reach('app/Fn', INTERNET).verdict).toBe('UNDETERMINED'));
  test('… which takes nothing from a way that is there', () =>
    expect(closed({ ...IGW, ...OPEN_EGRESS }, { Transform: 'My::Macro' }).reach('app/Fn', INTERNET).verdict).toBe('REFUTED'));
  test('a denial behind a condition does not close a way for certain', () => {
    const acl: Resources = {
      Entry: made('AWS::EC2::NetworkAclEntry', { NetworkAclId: att('Vpc', 'DefaultNetworkAcl'), RuleNumber: 1, RuleAction: 'deny', Protocol: -1, Egress: true, CidrBlock: '0.0.0.0/0' }),
    };
    expect(closed(acl).reach('app/Fn', 'app/Store').verdict).toBe('PROVED');
    expect(closed(maybe(acl), sections).reach('app/Fn', 'app/Store').verdict).toBe('UNDETERMINED');
  });
});

test('an id that is nowhere on the network is an error of the caller, also one of an object', () => {
  for (const id of ['app/Nothing', 'app/Table', '__proto__', 'constructor']) {
    expect(() => closed().reach(id, INTERNET)).toThrow(NetworkError);
    expect(() => closed().exits(id)).toThrow(/nothing on the network has the id/);
  }
});

describe('many rules', () => {
  const rules = (count: number, more: (i: number) => Properties): Properties[] => Array.from({ length: count }, (_, i) => ({ IpProtocol: 'tcp', CidrIp: '10.0.0.0/16', ...more(i) }));
  const between = (egressRules: Properties[], ingressRules: Properties[]): Network =>
    closed({
      Group: made('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc'), SecurityGroupEgress: egressRules }),
      Peers: made('AWS::EC2::SecurityGroup', { VpcId: ref('Vpc'), SecurityGroupIngress: ingressRules }),
    });
  test('as many as AWS takes are followed', () => {
    const [low, high] = [rules(500, (i) => ({ FromPort: i, ToPort: i })), rules(500, (i) => ({ FromPort: 1000 + i, ToPort: 1000 + i }))];
    expect(between(low, high).reach('app/Fn', 'app/Store').verdict).toBe('PROVED');
    expect(between(low, [...high, low[77]]).reach('app/Fn', 'app/Store')).toMatchObject({ verdict: 'REFUTED', path: { example: expect.stringMatching(/port 77$/) as string } });
  });
  test('too many that overlap end with an error', () => {
    const overlapping = rules(1000, (i) => ({ FromPort: i, ToPort: 20_000 + i }));
    expect(() => between(overlapping, overlapping).reach('app/Fn', 'app/Store')).toThrow(/rules combine to more than 50000 ways/);
  });
});
