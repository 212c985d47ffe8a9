import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  App,
  Validations,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type Stage,
} from 'aws-cdk-lib';
import { baselineFingerprints } from './baseline-file';
import type { FindingSeverity, IOwnRule } from './own-rule';
import { findingsOf, selectedRules } from './plugin-engine';
import { PLUGIN_NAME } from './rules/acknowledgements';
import { failsOn, type Finding } from './rules/finding';
import type { Rule } from './rules/rule';

/** Which rules judge an app, and what counts. */
export interface SecureAiChecksProps {
  /**
   * Findings below this severity are not reported.
   *
   * @default FindingSeverity.LOW
   */
  readonly minimumSeverity?: FindingSeverity;

  /**
   * Ids of the only rules that are applied, for example `AISec-SM01`.
   *
   * @default - every rule
   */
  readonly applyOnly?: string[];

  /**
   * Ids of rules that are left out for the whole app. To keep one finding at one construct, acknowledge it there instead:
   * `Validations.of(construct).acknowledge({ id: 'SecureAi::AISec-SM01', reason: '…' })`.
   *
   * @default - none
   */
  readonly leaveOut?: string[];

  /**
   * Rules of your own; they run beside the library's, and are acknowledged in the same way.
   *
   * @default - none
   */
  readonly ownRules?: IOwnRule[];

  /**
   * Whether what a template does not decide is only noted and does not fail synthesis.
   *
   * @default false
   */
  readonly allowUndetermined?: boolean;

  /**
   * Whether rules that only look for evidence count as well: what they ask for, such as a drift monitor of an endpoint, may exist outside
   * of the app.
   *
   * @default false
   */
  readonly requireEvidence?: boolean;

  /**
   * File of known findings, made by `secure-ai check --write-baseline FILE`: they are not reported, only new ones fail synthesis.
   *
   * A relative path is taken from the working directory: that of `cdk.json` where the CDK's command runs the app.
   *
   * @default - every finding counts
   */
  readonly baselineFile?: string;
}

/**
 * Judges the synthesised templates of an app by the library's AI security rules: a policy validation plugin of the CDK.
 *
 * Works on any app, with or without constructs of this library, nested stacks and stages included. Findings appear in the CDK's own
 * validation report, with the construct that they belong to, and make synthesis fail.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 */
export class SecureAiChecks implements IPolicyValidationPlugin {
  /**
   * Adds the rules to an app, or to one stage of it. Once per app.
   *
   * @throws when a rule id is unknown or taken, when the baseline cannot be read, or when there is no `App` at the root.
   */
  public static addTo(scope: Stage, props: SecureAiChecksProps = {}): SecureAiChecks {
    if (!App.isApp(scope.node.root)) {
      throw new Error(`AI security rules need an App at the root, "${scope.node.path}" has none: the CDK runs no validation plugin without one`);
    }
    const checks = new SecureAiChecks(scope, props);
    Validations.of(scope).addPlugins(checks);
    return checks;
  }

  /** Name of the plugin: the prefix of rule ids in acknowledgements. */
  public readonly name: string = PLUGIN_NAME;
  /** Version of the library. */
  public readonly version?: string;
  /** Ids of the rules that are applied. */
  public readonly ruleIds?: string[];
  private readonly rules: readonly Rule[];
  private readonly known: ReadonlySet<string>;

  private constructor(
    private readonly scope: Stage,
    private readonly props: SecureAiChecksProps,
  ) {
    this.rules = selectedRules(props);
    this.known = props.baselineFile === undefined ? new Set() : knownFindings(props.baselineFile);
    this.ruleIds = this.rules.map(({ id }) => id);
    this.version = (JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
  }

  /** Called by the CDK. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const judged = findingsOf(this.scope, context, this.rules).filter(({ fingerprint }) => !this.known.has(fingerprint));
    const findings = judged.filter((finding) => failsOn(finding, this.props));
    return {
      success: findings.length === 0,
      pluginVersion: this.version,
      violations: this.violations(findings, context),
    };
  }

  private violations(findings: readonly Finding[], context: IPolicyValidationContext): PolicyValidationPluginReport['violations'] {
    const files = new Map(context.stackTemplates.map(({ templatePath }) => [path.basename(templatePath), templatePath]));
    return findings.map((finding) => {
      const rule = this.rules.find(({ id }) => id === finding.ruleId);
      return {
        ruleName: finding.ruleId,
        description: `${finding.message} (${finding.verdict === 'VIOLATED' ? 'violated' : 'undetermined'})`,
        severity: finding.severity.toLowerCase(),
        ...(rule && { fix: `${rule.remedy} ${rule.source}` }),
        ruleMetadata: { controls: finding.controls.join(', '), title: rule?.title ?? '' },
        violatingResources: [
          {
            resourceLogicalId: finding.resource.slice(finding.resource.lastIndexOf('/') + 1),
            templatePath: files.get(path.basename(finding.source ?? '')) ?? finding.source ?? '',
            locations: finding.path === '' ? ['Properties'] : [`Properties.${finding.path}`],
          },
        ],
      };
    });
  }
}

function knownFindings(file: string): ReadonlySet<string> {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    const advice = "make it with 'secure-ai check --write-baseline FILE', or leave baselineFile out";
    throw new Error(`baseline "${file}" ${why} in ${process.cwd()}: ${advice}`, { cause });
  }
  try {
    return baselineFingerprints(text);
  } catch (cause) {
    throw new Error(`baseline "${file}" ${(cause as Error).message}`, { cause });
  }
}
