import { Stack, type CfnResource, type IPolicyValidationContext, type PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { IApplyRule, NagPack, NagRuleResult } from 'cdk-nag';
import type { SecurityProfile } from '../posture/security-profile';
import type { PackRecord } from './checks-file';
import { PackTally } from './pack-tally';

/** What the recorder asks and tells its surroundings. */
export interface PackRecorderListener {
  /** Whether the pack is to judge a resource. */
  isAskedFor(pack: string, resource: CfnResource): boolean;
  /** Called when the pack is done, also when it failed. */
  packEnds(recorder: PackRecorder, context: IPolicyValidationContext): void;
}

/** The three methods of a pack that are watched; two of them are protected there. */
interface WatchedPack {
  checkResource: (node: CfnResource) => void;
  applyRule: (params: IApplyRule) => void;
  validate: (context: IPolicyValidationContext) => PolicyValidationPluginReport;
}

/**
 * Watches one cdk-nag pack at work and keeps the numbers that prove it.
 *
 * The pack decides as it always does; the recorder adds nothing to a verdict and takes nothing away, except that resources for which
 * the pack was not asked are not shown to it.
 */
export class PackRecorder {
  public readonly name: string;
  private tally: PackTally;

  constructor(
    private readonly pack: NagPack,
    private readonly version: string | undefined,
    private readonly listener: PackRecorderListener,
  ) {
    this.name = pack.readPackName;
    this.tally = new PackTally(pack.name);
    this.watch(pack as unknown as WatchedPack);
  }

  /** Stacks of which the pack was shown a resource in the last run. */
  public get stacks(): Stack[] {
    return this.tally.stacks;
  }

  /** What the pack did in the last run, ready for the file. */
  public record(profiles: readonly SecurityProfile[]): PackRecord {
    return this.tally.record(this.name, this.version, profiles);
  }

  private watch(pack: WatchedPack): void {
    const { checkResource, applyRule, validate } = pack;
    pack.checkResource = (node) => {
      if (!this.listener.isAskedFor(this.name, node)) return;
      this.tally.judged(Stack.of(node));
      checkResource.call(pack, node);
    };
    // A pack applies hundreds of thousands of rules to a large app: one function for all, and no text built before there is a finding.
    let applied: IApplyRule;
    const rule = (resource: CfnResource): NagRuleResult => this.evaluate(applied, resource);
    Object.defineProperty(rule, 'name', { value: '' });
    pack.applyRule = (params) => {
      applied = params;
      const { info, explanation, level, node } = params;
      applyRule.call(pack, { ruleSuffixOverride: suffixOf(params), info, explanation, level, node, rule });
    };
    pack.validate = (context) => {
      this.tally = new PackTally(this.pack.name);
      try {
        const report = validate.call(pack, context);
        this.tally.conclude(report, context.appConstruct);
        return report;
      } finally {
        this.listener.packEnds(this, context);
      }
    };
  }

  private evaluate(params: IApplyRule, resource: CfnResource): NagRuleResult {
    const suffix = suffixOf(params);
    try {
      const result = params.rule(resource);
      this.tally.evaluated(suffix, result !== 'N/A');
      if (Array.isArray(result)) for (const finding of result) this.found(params, resource, `[${finding}]`);
      else if (result === 'Non-Compliant') this.found(params, resource, '');
      return result;
    } catch (error) {
      this.tally.evaluated(suffix, true);
      this.found(params, resource, '', stableMessage(error));
      throw error;
    }
  }

  private found(params: IApplyRule, node: CfnResource, finding: string, thrown?: string): void {
    const severity = params.level === 'Error' ? 'error' : 'warning';
    this.tally.found({ rule: `${this.name}-${suffixOf(params)}${finding}`, node, severity, thrown });
  }
}

/** cdk-nag names a rule after its function, unless it is told otherwise. */
function suffixOf(params: IApplyRule): string {
  return params.ruleSuffixOverride || params.rule.name;
}

/** Token numbers depend on what else the process did: they must not reach the file. */
function stableMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/[$#]?\{?Token\[([^\]]*?)\.\d+\]\}?/g, 'Token[$1]').replace(/-1\.8881545897\d*e\+289/g, 'Token[number]');
}
