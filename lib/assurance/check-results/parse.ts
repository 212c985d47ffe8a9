import { SecurityProfile } from '../../posture/security-profile';
import { CloudFormationValidation, FindingVerdict, type CheckTotals, type JudgedStack, type RuleError } from '../api';
import { CHECKS_SCHEMA_VERSION, totalsOf, type AcknowledgedRecord, type ChecksFile, type PackRecord } from '../checks-file';

/**
 * Turns the text of a results file into its content. The text comes from a disk that others write to, so nothing in it is taken on trust.
 *
 * @throws with the file and the place in it, when the text is not exactly what this version writes.
 */
export function parseChecks(text: string, file: string): ChecksFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`"${file}" is not JSON: synthesise again`, { cause: error });
  }
  const root = new Node(json, '', file);
  const version = root.field('schemaVersion').value;
  if (version !== CHECKS_SCHEMA_VERSION) {
    throw new Error(
      `"${file}" has schema version ${JSON.stringify(version)}, expected "${CHECKS_SCHEMA_VERSION}": read it with the version that wrote it`,
    );
  }
  const versions = root.field('versions');
  const validation = root.field('cloudFormationValidation');
  const content: ChecksFile = {
    schemaVersion: CHECKS_SCHEMA_VERSION,
    versions: { library: versions.text('library'), cdkNag: versions.text('cdkNag'), awsCdkLib: versions.text('awsCdkLib') },
    scope: root.text('scope'),
    selection: root.oneOf('selection', ['PROFILE', 'EXPLICIT']),
    stacks: root.list('stacks').map(parseStack),
    packs: root.list('packs').map(parsePack),
    cloudFormationValidation: {
      mode: validation.oneOf('mode', Object.values(CloudFormationValidation)),
      report: validation.text('report'),
    },
    totals: parseTotals(root.field('totals')),
  };
  const sums = totalsOf(content.stacks, content.packs);
  for (const [name, sum] of Object.entries(sums)) {
    const given = content.totals[name as keyof CheckTotals];
    if (given !== sum) throw new Error(`"${file}" contradicts itself: totals.${name} is ${given}, its packs add up to ${sum}`);
  }
  return content;
}

function parseStack(node: Node): JudgedStack {
  return {
    path: node.text('path'),
    profiles: parseProfiles(node),
    packs: node.texts('packs'),
    resources: node.count('resources'),
    template: node.text('template'),
    sha256: node.text('sha256'),
  };
}

function parsePack(node: Node): PackRecord {
  const completed = node.field('completed').value;
  if (completed !== true) throw node.wrong('completed', 'true: the pack failed before it was done');
  return {
    name: node.text('name'),
    ...(node.has('version') ? { version: node.text('version') } : {}),
    completed,
    profiles: parseProfiles(node),
    rulesInPack: node.count('rulesInPack'),
    ruleEvaluations: node.count('ruleEvaluations'),
    applicableEvaluations: node.count('applicableEvaluations'),
    resources: node.count('resources'),
    open: node.list('open').map((open) => ({
      rule: open.text('rule'),
      severity: open.text('severity'),
      verdict: open.oneOf('verdict', Object.values(FindingVerdict)),
      resources: open.texts('resources'),
    })),
    acknowledged: node.list('acknowledged').map(parseAcknowledged),
    errors: node.list('errors').map(parseError),
  };
}

function parseProfiles(node: Node): SecurityProfile[] {
  const profiles = node.list('profiles').map((profile) => profile.as(Object.values(SecurityProfile)));
  // Without a profile nothing would be expected of a stack.
  if (profiles.length === 0) throw node.wrong('profiles', 'at least one profile');
  return profiles;
}

function parseAcknowledged(node: Node): AcknowledgedRecord {
  return {
    class: node.text('class'),
    kind: node.text('kind'),
    rule: node.text('rule'),
    verdict: node.oneOf('verdict', Object.values(FindingVerdict)),
    reason: node.text('reason'),
    resources: node.texts('resources'),
  };
}

function parseError(node: Node): RuleError {
  return { rule: node.text('rule'), message: node.text('message'), resources: node.texts('resources') };
}

function parseTotals(node: Node): CheckTotals {
  return {
    packs: node.count('packs'),
    stacks: node.count('stacks'),
    resources: node.count('resources'),
    rules: node.count('rules'),
    ruleEvaluations: node.count('ruleEvaluations'),
    applicableEvaluations: node.count('applicableEvaluations'),
    open: node.count('open'),
    acknowledged: node.count('acknowledged'),
    undetermined: node.count('undetermined'),
  };
}

/** A value in the file that knows its place. */
class Node {
  constructor(
    public readonly value: unknown,
    private readonly place: string,
    private readonly file: string,
  ) {}

  public has(name: string): boolean {
    return typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, name);
  }

  public field(name: string): Node {
    const value = this.has(name) ? (this.value as Record<string, unknown>)[name] : undefined;
    return new Node(value, this.place === '' ? name : `${this.place}.${name}`, this.file);
  }

  public text(name: string): string {
    const { value } = this.field(name);
    if (typeof value !== 'string') throw this.wrong(name, 'a text');
    return value;
  }

  public oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    return this.field(name).as(allowed);
  }

  public as<T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === this.value);
    if (found === undefined) throw this.damaged(`one of ${allowed.join(', ')}`);
    return found;
  }

  public count(name: string): number {
    const { value } = this.field(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw this.wrong(name, 'a count');
    return value;
  }

  public list(name: string): Node[] {
    const field = this.field(name);
    if (!Array.isArray(field.value)) throw this.wrong(name, 'a list');
    return field.value.map((value, i) => new Node(value, `${field.place}[${i}]`, this.file));
  }

  public texts(name: string): string[] {
    return this.list(name).map(({ value }) => {
      if (typeof value !== 'string') throw this.wrong(name, 'a list of texts');
      return value;
    });
  }

  public wrong(name: string, expected: string): Error {
    return this.field(name).damaged(expected);
  }

  private damaged(expected: string): Error {
    return new Error(`"${this.file}" is damaged: ${this.place} is ${JSON.stringify(this.value)?.slice(0, 80)}, expected ${expected}`);
  }
}
