import { Stack, type CfnResource, type IPolicyValidationContext, type PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { IApplyRule, NagPack, NagRuleResult } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { SecurityProfile } from '../posture/security-profile';
import { FindingVerdict } from './api';
import { compareText, type AcknowledgedRecord, type PackRecord } from './checks-file';
import { attribute, reasonSeenByCdk, reasonSeenByNag } from './finding-acknowledgement';

/** What the recorder asks and tells its surroundings. */
export interface PackRecorderListener {
  /** Called before the pack judges anything. */
  packStarts(recorder: PackRecorder): void;
  /** Whether the pack is to judge a resource. */
  isAskedFor(pack: string, resource: CfnResource): boolean;
  /** Called when the pack is done, also when it failed. */
  packEnds(recorder: PackRecorder, context: IPolicyValidationContext): void;
}

/** The three methods of a pack that are watched; two of them are protected there. */
interface WatchedPack {
  checkResource(node: CfnResource): void;
  applyRule(params: IApplyRule): void;
  validate(context: IPolicyValidationContext): PolicyValidationPluginReport;
}

interface Finding {
  readonly rule: string;
  readonly node: IConstruct;
  readonly severity: string;
  /** Message of the error that the rule threw. */
  readonly thrown?: string;
}

const WARNING = 'warning';

/**
 * Watches one cdk-nag pack at work and keeps the numbers that prove it.
 *
 * The pack decides as it always does; the recorder adds nothing to a verdict and takes nothing away, except that resources for which the pack
 * was not asked are not shown to it.
 */
export class PackRecorder {
  public readonly name: string;
  private readonly rules = new Set<string>();
  private readonly judgedResources = new Map<Stack, number>();
  private readonly findings = new Map<string, Finding>();
  private reported = new Set<string>();
  private ruleEvaluations = 0;
  private applicableEvaluations = 0;
  private completed = false;

  constructor(
    private readonly pack: NagPack,
    private readonly version: string | undefined,
    private readonly listener: PackRecorderListener,
  ) {
    this.name = pack.readPackName;
    this.watch(pack as unknown as WatchedPack);
  }

  /** Stacks of which the pack was shown a resource. */
  public get stacks(): Stack[] {
    return [...this.judgedResources.keys()];
  }

  /** What the pack did, ready for the file. */
  public record(profiles: readonly SecurityProfile[]): PackRecord {
    const open = new Groups<PackRecord['open'][number]>();
    const acknowledged = new Groups<AcknowledgedRecord>();
    const errors = new Groups<PackRecord['errors'][number]>();
    for (const [key, { rule, node, severity, thrown }] of this.findings) {
      const verdict = thrown === undefined ? FindingVerdict.VIOLATED : FindingVerdict.UNDETERMINED;
      // What the pack reports is open unless the CDK suppresses it; what it found and does not report was acknowledged inside the pack.
      const reason = this.reported.has(key)
        ? reasonSeenByCdk(node, this.pack.name, rule)
        : (reasonSeenByNag(node, rule) ?? 'no reason found: the pack itself dropped this finding');
      if (reason === undefined) open.add(node, { rule, severity, verdict });
      else acknowledged.add(node, { ...attribute(node, rule, reason), rule, verdict });
      if (thrown !== undefined) errors.add(node, { rule, message: thrown });
    }
    return {
      name: this.name,
      ...(this.version === undefined ? {} : { version: this.version }),
      completed: this.completed,
      profiles: [...profiles].sort(compareText),
      rulesInPack: this.rules.size,
      ruleEvaluations: this.ruleEvaluations,
      applicableEvaluations: this.applicableEvaluations,
      resources: [...this.judgedResources.values()].reduce((sum, n) => sum + n, 0),
      open: open.sorted(),
      acknowledged: acknowledged.sorted(),
      errors: errors.sorted(),
    };
  }

  private watch(pack: WatchedPack): void {
    const { checkResource, applyRule, validate } = pack;
    pack.checkResource = (node) => {
      if (!this.listener.isAskedFor(this.name, node)) return;
      const stack = Stack.of(node);
      this.judgedResources.set(stack, (this.judgedResources.get(stack) ?? 0) + 1);
      checkResource.call(pack, node);
    };
    pack.applyRule = (params) => {
      const { ruleSuffixOverride, info, explanation, level, node } = params;
      const id = `${this.name}-${ruleSuffixOverride || params.rule.name}`;
      const severity = level === 'Error' ? 'error' : WARNING;
      const rule = (resource: CfnResource): NagRuleResult => this.evaluate(id, severity, resource, () => params.rule(resource));
      // cdk-nag names a rule after its function.
      Object.defineProperty(rule, 'name', { value: params.rule.name });
      applyRule.call(pack, { ruleSuffixOverride, info, explanation, level, node, rule });
    };
    pack.validate = (context) => {
      this.reset();
      this.listener.packStarts(this);
      try {
        const report = validate.call(pack, context);
        this.conclude(report, context.appConstruct);
        return report;
      } finally {
        this.listener.packEnds(this, context);
      }
    };
  }

  private evaluate(id: string, severity: string, resource: CfnResource, rule: () => NagRuleResult): NagRuleResult {
    this.rules.add(id);
    this.ruleEvaluations += 1;
    try {
      const result = rule();
      if (result !== 'N/A') this.applicableEvaluations += 1;
      if (Array.isArray(result)) for (const finding of result) this.found({ rule: `${id}[${finding}]`, node: resource, severity });
      else if (result === 'Non-Compliant') this.found({ rule: id, node: resource, severity });
      return result;
    } catch (error) {
      this.applicableEvaluations += 1;
      this.found({ rule: id, node: resource, severity, thrown: stableMessage(error) });
      throw error;
    }
  }

  private found(finding: Finding): void {
    this.findings.set(keyOf(finding.rule, finding.node.node.path), finding);
  }

  private conclude(report: PolicyValidationPluginReport, root: IConstruct): void {
    for (const violation of report.violations) {
      for (const { constructPath = '' } of violation.violatingResources) {
        const key = keyOf(violation.ruleName, constructPath);
        this.reported.add(key);
        // A pack may report what no rule found, for example from a validate() of its own: it counts like the rest.
        if (!this.findings.has(key)) {
          const node = findByPath(root, constructPath) ?? root;
          this.findings.set(key, { rule: violation.ruleName, node, severity: violation.severity ?? 'error' });
        }
      }
    }
    this.completed = true;
  }

  private reset(): void {
    this.rules.clear();
    this.judgedResources.clear();
    this.findings.clear();
    this.reported.clear();
    this.ruleEvaluations = 0;
    this.applicableEvaluations = 0;
    this.completed = false;
  }
}

/** Findings that differ in their resource only, as one entry each. */
class Groups<T extends { readonly rule: string; readonly resources: string[] }> {
  private readonly entries = new Map<string, { readonly facts: Omit<T, 'resources'>; readonly resources: Set<string> }>();

  public add(node: IConstruct, facts: Omit<T, 'resources'>): void {
    const key = JSON.stringify(facts);
    const entry = this.entries.get(key) ?? { facts, resources: new Set<string>() };
    entry.resources.add(node.node.path);
    this.entries.set(key, entry);
  }

  public sorted(): T[] {
    return [...this.entries.values()]
      .map(({ facts, resources }) => ({ ...facts, resources: [...resources].sort(compareText) }) as T)
      .sort((a, b) => compareText(a.rule, b.rule) || compareText(JSON.stringify(a), JSON.stringify(b)));
  }
}

function keyOf(rule: string, path: string): string {
  return JSON.stringify([rule, path]);
}

function findByPath(root: IConstruct, path: string): IConstruct | undefined {
  return root.node.findAll().find((construct) => construct.node.path === path);
}

/** Token numbers depend on what else the process did: they must not reach the file. */
function stableMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\$?\{?Token\[([^\]]*?)\.\d+\]\}?/g, 'Token[$1]');
}
