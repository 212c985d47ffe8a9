/** A request, as a web ACL of a REST API sees it. */
export interface WebRequest {
  readonly method: string;
  /** With the stage. */
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ip?: string;
}

type Json = Readonly<Record<string, unknown>>;

export interface WebVerdict {
  readonly action: 'ALLOW' | 'BLOCK';
  /** The rule that ended it, or `Default`. */
  readonly rule: string;
}

/** How much of a body a web ACL of API Gateway sees at most. */
const INSPECTION_LIMIT = 65_536;

/**
 * What the public descriptions of AWS's managed groups say that they look for, as far as a model of it takes: the groups themselves are
 * not public. Each rule has its name, so that an override to count can be honoured.
 */
const MANAGED: Readonly<Record<string, readonly (readonly [name: string, matches: (request: WebRequest) => boolean])[]>> = {
  AWSManagedRulesAmazonIpReputationList: [['AWSManagedIPReputationList', ({ ip }) => ip === '203.0.113.66']],
  AWSManagedRulesKnownBadInputsRuleSet: [
    ['Log4JRCE_HEADER', ({ headers = {} }) => Object.values(headers).some((value) => /\$\{jndi:/i.test(value))],
    ['Log4JRCE_BODY', ({ body = '' }) => /\$\{jndi:/i.test(body.slice(0, INSPECTION_LIMIT))],
    ['JavaDeserializationRCE_BODY', ({ body = '' }) => /\(java\.lang\.Runtime\)|rO0AB/.test(body.slice(0, INSPECTION_LIMIT))],
    ['ExploitablePaths_URIPATH', ({ path }) => /\/web-inf|\/\.git\/|\/\.env/i.test(path)],
    ['Host_localhost_HEADER', ({ headers = {} }) => /^localhost/i.test(headers.host ?? '')],
    ['PROPFIND_METHOD', ({ method }) => method === 'PROPFIND'],
  ],
  AWSManagedRulesCommonRuleSet: [
    ['NoUserAgent_HEADER', ({ headers = {} }) => (headers['user-agent'] ?? '') === ''],
    ['UserAgent_BadBots_HEADER', ({ headers = {} }) => /nmap|sqlmap|nessus/i.test(headers['user-agent'] ?? '')],
    ['SizeRestrictions_BODY', ({ body = '' }) => Buffer.byteLength(body) > 8_192],
    ['SizeRestrictions_URIPATH', ({ path }) => path.length > 1_024],
    ['EC2MetaDataSSRF_BODY', ({ body = '' }) => body.includes('169.254.169.254/latest/meta-data')],
    ['GenericLFI_URIPATH', ({ path }) => path.includes('../')],
    ['GenericRFI_BODY', ({ body = '' }) => /:\/\/\d+\.\d+\.\d+\.\d+/.test(body)],
    ['CrossSiteScripting_BODY', ({ body = '' }) => /<script/i.test(body)],
    ['CrossSiteScripting_COOKIE', ({ headers = {} }) => /<script/i.test(headers.cookie ?? '')],
  ],
};

/** Decides requests as a web ACL of a template does: rules by priority until one ends it, then the default. It counts for rate rules. */
export class WebAcl {
  private readonly counts = new Map<string, number>();

  constructor(private readonly acl: Json) {}

  public decide(request: WebRequest): WebVerdict {
    const rules = [...(this.acl.Rules as Json[])].sort((a, b) => Number(a.Priority) - Number(b.Priority));
    for (const rule of rules) {
      const action = this.actionOf(rule, request);
      if (action) return { action, rule: String(rule.Name) };
    }
    return { action: 'Block' in (this.acl.DefaultAction as Json) ? 'BLOCK' : 'ALLOW', rule: 'Default' };
  }

  private actionOf(rule: Json, request: WebRequest): 'ALLOW' | 'BLOCK' | undefined {
    const statement = rule.Statement as Json;
    const group = statement.ManagedRuleGroupStatement as Json | undefined;
    if (group) {
      if (!('None' in (rule.OverrideAction as Json))) throw new Error(`${String(rule.Name)} overrides its group`);
      const counted = ((group.RuleActionOverrides ?? []) as Json[]).filter((one) => 'Count' in (one.ActionToUse as Json)).map((one) => one.Name);
      const known = MANAGED[String(group.Name)];
      if (!known) throw new Error(`the model does not know the group ${String(group.Name)}`);
      return known.some(([name, matches]) => !counted.includes(name) && matches(request)) ? 'BLOCK' : undefined;
    }
    if (!this.matches(statement, request, String(rule.Name))) return undefined;
    const [action] = Object.keys(rule.Action as Json);
    if (action !== 'Allow' && action !== 'Block') throw new Error(`the model does not know the action ${action}`);
    return action === 'Allow' ? 'ALLOW' : 'BLOCK';
  }

  private matches(statement: Json, request: WebRequest, rule: string): boolean {
    const [[kind, value]] = Object.entries(statement) as [string, Json][];
    switch (kind) {
      case 'AndStatement': return (value.Statements as Json[]).every((one) => this.matches(one, request, rule));
      case 'OrStatement': return (value.Statements as Json[]).some((one) => this.matches(one, request, rule));
      case 'NotStatement': return !this.matches(value.Statement as Json, request, rule);
      case 'ByteMatchStatement': return matchesBytes(value, request);
      case 'SizeConstraintStatement': return matchesSize(value, request);
      case 'RateBasedStatement': return this.matchesRate(value, request, rule);
      default: throw new Error(`the model does not know the statement ${kind}`);
    }
  }

  private matchesRate(value: Json, request: WebRequest, rule: string): boolean {
    let key = request.ip ?? '198.51.100.1';
    if (value.AggregateKeyType === 'CUSTOM_KEYS') {
      const parts = (value.CustomKeys as Json[]).map((one) => (request.headers ?? {})[String((one.Header as Json).Name)]);
      // A request without the key is not counted.
      if (parts.some((part) => part === undefined)) return false;
      key = parts.join();
    }
    const count = (this.counts.get(`${rule}|${key}`) ?? 0) + 1;
    this.counts.set(`${rule}|${key}`, count);
    return count > Number(value.Limit);
  }
}

function fieldOf(field: Json, { method, path, query = '', headers = {}, body = '' }: WebRequest): string {
  const [[kind, value]] = Object.entries(field) as [string, Json][];
  switch (kind) {
    case 'Method': return method;
    case 'UriPath': return path;
    case 'QueryString': return query;
    case 'Body': return body;
    case 'SingleHeader': return headers[String(value.Name)] ?? '';
    default: throw new Error(`the model does not know the field ${kind}`);
  }
}

function matchesBytes(value: Json, request: WebRequest): boolean {
  const lower = (value.TextTransformations as Json[]).some(({ Type }) => Type === 'LOWERCASE');
  const text = fieldOf(value.FieldToMatch as Json, request);
  const found = lower ? text.toLowerCase() : text;
  const wanted = String(value.SearchString);
  switch (value.PositionalConstraint) {
    case 'EXACTLY': return found === wanted;
    case 'STARTS_WITH': return found.startsWith(wanted);
    case 'ENDS_WITH': return found.endsWith(wanted);
    case 'CONTAINS': return found.includes(wanted);
    default: throw new Error(`the model does not know ${String(value.PositionalConstraint)}`);
  }
}

function matchesSize(value: Json, request: WebRequest): boolean {
  const field = value.FieldToMatch as Json;
  const bytes = Buffer.byteLength(fieldOf(field, request));
  if ('Body' in field && bytes > INSPECTION_LIMIT) return (field.Body as Json).OversizeHandling === 'MATCH';
  if (value.ComparisonOperator !== 'GT') throw new Error(`the model does not know ${String(value.ComparisonOperator)}`);
  return bytes > Number(value.Size);
}
