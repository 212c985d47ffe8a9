import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import type { Subject } from '../subject';
import { SOURCE_KEYS } from '../identity/service-trust-bound';

const ROLE = 'AgentResourceRoleArn';

/** `AISec-BR12`. */
export const agentRole: Rule = {
  id: 'AISec-BR12',
  name: 'AgentRole',
  title: 'Every agent has a role of its own that only agents of the account may assume',
  severity: 'HIGH',
  controls: ['AA2', 'AA3', 'P1'],
  threats: ['AML.T0053', 'LLM06'],
  why: 'A shared role lends one agent the tools of the other; an unbound trust lends it to agents of other accounts (the confused deputy).',
  remedy: 'Make one role for each agent and put aws:SourceAccount and aws:SourceArn with agent/* into its trust.',
  example:
    "new iam.ServicePrincipal('bedrock.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account }, ArnLike: { 'aws:SourceArn': `arn:aws:bedrock:${this.region}:${this.account}:agent/*` } } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html',
  types: ['AWS::Bedrock::Agent'],
  check: (agent) => [sharing(agent), ...trust(agent)],
};

function sharing({ app, resource }: Subject): Judgement {
  const value = resource.at(ROLE);
  const own = app.named(value);
  const others = app.ofTypes('AWS::Bedrock::Agent').filter((other) => other !== resource);
  const shared = others.filter((other) => {
    const theirs = other.at(ROLE);
    return own === undefined ? typeof value === 'string' && theirs === value : app.named(theirs) === own;
  });
  return shared.length === 0 ? COMPLIANT : violated(`shares its role with ${shared.map(({ logicalId }) => logicalId).join(', ')}`, ROLE);
}

function trust({ app, resource }: Subject): Judgement[] {
  const role = app.named(resource.at(ROLE));
  if (resource.at(ROLE) === undefined) return [violated('the agent has no role of its own', ROLE)];
  if (role?.type !== 'AWS::IAM::Role') return [undetermined('the role of the agent is not in the templates: its trust is not known', ROLE)];
  return app
    .statementsAt(role, 'AssumeRolePolicyDocument')
    .filter(({ statement }) => statement.effect === 'Allow')
    .map(({ statement }) => judged(demandsLike(statement, SOURCE_KEYS), `the role ${role.logicalId} may be assumed for agents of any account`, ROLE));
}
