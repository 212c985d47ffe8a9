import { any, answer, isPresent } from '../answer';
import { COMPLIANT, judged, undetermined } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC07`. */
export const gatewayRateLimit: Rule = {
  id: 'AISec-AC07',
  name: 'GatewayRateLimit',
  title: 'A gateway limits how often its tools are called',
  severity: 'MEDIUM',
  controls: ['MI4', 'RT5'],
  threats: ['AML.T0034.002', 'AML.T0029', 'LLM10'],
  why: 'A loop of an agent or a stolen token calls the tools and models behind the gateway until the money is gone.',
  remedy: 'Add a GatewayRateLimit for the gateway, or a web ACL.',
  example: "new agentcore.CfnGatewayRateLimit(this, 'Limit', { gatewayIdentifier: gateway.attrGatewayIdentifier, dimensionKeys: ['principal'], entries });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway.html',
  types: ['AWS::BedrockAgentCore::Gateway'],
  check: (gateway) => {
    const { app, resource } = gateway;
    const limits = app.ofTypes('AWS::BedrockAgentCore::GatewayRateLimit');
    const own = limits.filter((limit) => app.named(limit.at('GatewayIdentifier')) === resource);
    if (own.some(({ presence }) => presence === 'YES')) return COMPLIANT;
    if (own.length > 0 || limits.some((limit) => app.named(limit.at('GatewayIdentifier')) === undefined)) {
      return undetermined('whether the gateway has a limit is decided at deploy time');
    }
    const acl = app.ofTypes('AWS::WAFv2::WebACLAssociation').some(({ outgoing }) => outgoing.some(({ to }) => to === resource));
    return judged(any([isPresent(gateway.at('WafConfiguration')), answer(acl)]), 'nothing limits how often the tools are called');
  },
};
