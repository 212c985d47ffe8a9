import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import { CloudFormationValidation } from '../api';

/** The part of the CDK's report that is read here. */
interface CdkReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly metadata?: { readonly error?: string };
    readonly violations: readonly { readonly violatingConstructs: readonly unknown[] }[];
  }[];
}

/**
 * Number of findings of the CDK's own validation, each counted once per place; undefined when it was switched off or nobody can tell.
 *
 * The CDK writes its report after all plugins ran, and leaves out those that found nothing. So the report says "none" by silence, which
 * counts only if the validation took part; the packs saw whether it did, and removed the report of any earlier run.
 *
 * @throws when the report is missing or unreadable, or the validation failed.
 */
export function cloudFormationFindings(outdir: string, validation: { readonly mode: CloudFormationValidation }): number | undefined {
  if (validation.mode === CloudFormationValidation.OFF || validation.mode === CloudFormationValidation.UNKNOWN) return undefined;
  const file = path.join(outdir, VALIDATION_REPORT_FILE);
  const reports = readReport(file).pluginReports.filter((report) => report.pluginName === CloudFormationValidatePlugin.PLUGIN_NAME);
  const failure = reports.find((report) => report.metadata?.error !== undefined);
  if (failure) throw new Error(`the CDK's own validation failed: ${failure.metadata?.error}`);
  return reports.flatMap((report) => report.violations).reduce((sum, violation) => sum + violation.violatingConstructs.length, 0);
}

function readReport(file: string): CdkReport {
  let report: unknown;
  try {
    report = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`the CDK's report "${file}" is missing or not JSON: synthesis did not finish; synthesise again`, { cause: error });
  }
  if (!isReport(report)) throw new Error(`the CDK's report "${file}" has an unknown form: its findings cannot be counted`);
  return report;
}

function isReport(value: unknown): value is CdkReport {
  return (
    isRecord(value) &&
    Array.isArray(value.pluginReports) &&
    value.pluginReports.every(
      (report: unknown) =>
        isRecord(report) &&
        typeof report.pluginName === 'string' &&
        (report.metadata === undefined || isRecord(report.metadata)) &&
        Array.isArray(report.violations) &&
        report.violations.every((violation: unknown) => isRecord(violation) && Array.isArray(violation.violatingConstructs)),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
