import type { PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { SecurityProfile } from '../posture/security-profile';
import { FindingVerdict } from './api';
import type { AcknowledgedRecord, PackRecord } from './checks-file';
import { compareText } from './text-order';
import { attribute, reasonSeenByCdk, reasonSeenByNag } from './finding-acknowledgement';

/** What a rule found on a resource. */
export interface Finding {
  readonly rule: string;
  readonly node: IConstruct;
  readonly severity: string;
  /** Message of the error that the rule threw instead of deciding. */
  readonly thrown?: string;
}

/** The numbers and findings of one pack in one run. */
export class PackTally {
  private readonly rules = new Set<string>();
  private readonly resources = new Map<Stack, number>();
  private readonly findings = new Map<string, Finding>();
  private readonly reported = new Set<string>();
  private ruleEvaluations = 0;
  private applicableEvaluations = 0;
  private completed = false;

  constructor(private readonly pluginName: string) {}

  public get stacks(): Stack[] {
    return [...this.resources.keys()];
  }

  /** A resource of a stack was shown to the pack. */
  public judged(stack: Stack): void {
    this.resources.set(stack, (this.resources.get(stack) ?? 0) + 1);
  }

  public evaluated(rule: string, applicable: boolean): void {
    this.rules.add(rule);
    this.ruleEvaluations += 1;
    if (applicable) this.applicableEvaluations += 1;
  }

  public found(finding: Finding): void {
    this.findings.set(keyOf(finding.rule, finding.node.node.path), finding);
  }

  /** Takes in what the pack reports to the CDK. */
  public conclude(report: PolicyValidationPluginReport, root: IConstruct): void {
    for (const violation of report.violations) {
      for (const { constructPath = '' } of violation.violatingResources) {
        const key = keyOf(violation.ruleName, constructPath);
        this.reported.add(key);
        // A pack may report what none of its rules found, from a validate() of its own: it counts like the rest.
        if (!this.findings.has(key)) {
          const node = root.node.findAll().find((construct) => construct.node.path === constructPath) ?? root;
          this.findings.set(key, { rule: violation.ruleName, node, severity: violation.severity ?? 'error' });
        }
      }
    }
    this.completed = true;
  }

  /** Everything as the file spells it. */
  public record(name: string, version: string | undefined, profiles: readonly SecurityProfile[]): PackRecord {
    const open = new Groups<PackRecord['open'][number]>();
    const acknowledged = new Groups<AcknowledgedRecord>();
    const errors = new Groups<PackRecord['errors'][number]>();
    for (const [key, { rule, node, severity, thrown }] of this.findings) {
      const verdict = thrown === undefined ? FindingVerdict.VIOLATED : FindingVerdict.UNDETERMINED;
      // What the pack reports, the CDK may still suppress. What it found and does not report, it took for acknowledged: if nobody
      // acknowledged it, it vanished for no reason, and stays open here.
      const reason = this.reported.has(key) ? reasonSeenByCdk(node, this.pluginName, rule) : reasonSeenByNag(node, rule);
      if (reason === undefined) open.add(node, { rule, severity, verdict });
      else acknowledged.add(node, { ...attribute(node, rule, reason), rule, verdict });
      if (thrown !== undefined) errors.add(node, { rule, message: thrown });
    }
    return {
      name,
      ...(version === undefined ? {} : { version }),
      completed: this.completed,
      profiles: [...profiles].sort(compareText),
      rulesInPack: this.rules.size,
      ruleEvaluations: this.ruleEvaluations,
      applicableEvaluations: this.applicableEvaluations,
      resources: [...this.resources.values()].reduce((sum, n) => sum + n, 0),
      open: open.sorted(),
      acknowledged: acknowledged.sorted(),
      errors: errors.sorted(),
    };
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
