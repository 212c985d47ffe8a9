import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CloudFormationValidation} from './api';
import { type CheckTotals, type JudgedStack, type PackResult } from './api';
import { judgedAsWritten } from './check-results/assembly';
import { cloudFormationFindings } from './check-results/cdk-report';
import { parseChecks } from './check-results/parse';
import { CHECKS_FILE, type ChecksFile } from './checks-file';
import type { CompliancePack } from './compliance-pack';
import { packsFor } from './profile-packs';

/** What a reader of check results insists on. */
export interface ReadCheckResultsOptions {
  /**
   * Packs that must have judged every stack.
   *
   * @default - per stack, the packs that its security profile asks for
   */
  readonly expectedPacks?: CompliancePack[];
}

/**
 * The results of `ComplianceChecks` in a cloud assembly, read so that a check that did not run cannot pass for one that found nothing.
 */
export class CheckResults {
  /**
   * Reads `checks.json` of a cloud assembly and compares it with the templates beside it.
   *
   * @param outdir the cloud assembly, for example `cdk.out`
   * @throws when the file is missing, damaged, or of another schema version; when a stack was not judged, or its template has changed
   * since; when an expected pack is missing, failed, or evaluated no rule; when the CDK's report, which belongs to the results, is missing.
   */
  public static read(outdir: string, options: ReadCheckResultsOptions = {}): CheckResults {
    const file = path.join(outdir, CHECKS_FILE);
    let text: string;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch (error) {
      throw new Error(`no ${CHECKS_FILE} in "${outdir}": the packs did not run; add ComplianceChecks to the app and synthesise`, {
        cause: error,
      });
    }
    const content = parseChecks(text, file);
    judgedAsWritten(outdir, content);
    for (const stack of content.stacks) expectPacks(content, stack, options.expectedPacks);
    return new CheckResults(content, cloudFormationFindings(outdir, content.cloudFormationValidation));
  }

  /** Version of this library that ran the packs. */
  public readonly libraryVersion: string;
  public readonly cdkNagVersion: string;
  public readonly awsCdkLibVersion: string;
  /** Packs that ran, sorted by name. */
  public readonly packs: PackResult[];
  /** Stacks that were judged, sorted by path. */
  public readonly stacks: JudgedStack[];
  public readonly totals: CheckTotals;
  /** Whether the CDK validated the templates as well. */
  public readonly cloudFormationValidation: CloudFormationValidation;
  /** Number of findings of the CDK's own validation that are not acknowledged; undefined when it did not run. */
  public readonly cloudFormationFindings?: number;

  private constructor(content: ChecksFile, findings: number | undefined) {
    this.libraryVersion = content.versions.library;
    this.cdkNagVersion = content.versions.cdkNag;
    this.awsCdkLibVersion = content.versions.awsCdkLib;
    this.packs = content.packs.map((pack) => ({
      ...pack,
      acknowledged: pack.acknowledged.map(({ class: classId, ...rest }) => ({ classId, ...rest })),
    }));
    this.stacks = content.stacks;
    this.totals = content.totals;
    this.cloudFormationValidation = content.cloudFormationValidation.mode;
    this.cloudFormationFindings = findings;
  }

  /** The result of one pack, or undefined when it did not run. */
  public pack(name: string): PackResult | undefined {
    return this.packs.find((pack) => pack.name === name);
  }
}

function expectPacks(content: ChecksFile, stack: JudgedStack, explicit: readonly string[] | undefined): void {
  const expected = new Set<string>(explicit ?? stack.profiles.flatMap((profile) => packsFor(profile)));
  for (const name of expected) {
    const pack = content.packs.find((candidate) => candidate.name === name);
    if (!pack || !stack.packs.includes(name)) {
      const ran = stack.packs.join(', ') || 'none';
      throw new Error(`pack "${name}" did not judge stack "${stack.path}" (ran: ${ran}): a pack that did not run proves nothing`);
    }
    if (stack.resources > 0 && pack.ruleEvaluations === 0) {
      throw new Error(`pack "${name}" was shown stack "${stack.path}" and evaluated no rule: that proves nothing`);
    }
  }
}
