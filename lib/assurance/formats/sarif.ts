import type { AcknowledgedFinding } from '../rules/acknowledgements';
import type { Finding } from '../rules/finding';
import type { Rule, Severity } from '../rules/rule';

/** What goes into a SARIF file. */
export interface SarifInput {
  readonly version: string;
  readonly rules: readonly Rule[];
  readonly open: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
}

const LEVELS: Readonly<Record<Severity, string>> = { CRITICAL: 'error', HIGH: 'error', MEDIUM: 'warning', LOW: 'note' };
/** Scores that code scanning turns into its own severities. */
const SCORES: Readonly<Record<Severity, string>> = { CRITICAL: '9.5', HIGH: '8.0', MEDIUM: '5.5', LOW: '3.0' };

/**
 * Findings as a SARIF 2.1.0 log: one run, acknowledged findings as suppressed results.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function findingsSarif({ version, rules, open, acknowledged }: SarifInput): object {
  const index = new Map(rules.map(({ id }, i) => [id, i]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'secure-ai',
            semanticVersion: version,
            informationUri: 'https://github.com/cdk-secure-ai/cdk-secure-ai',
            rules: rules.map(descriptorOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          ...open.map((finding) => resultOf(finding, index)),
          ...acknowledged.map((finding) => ({
            ...resultOf(finding, index),
            suppressions: [{ kind: 'inSource', justification: finding.reason }],
          })),
        ],
      },
    ],
  };
}

function descriptorOf(rule: Rule): object {
  return {
    id: rule.id,
    name: rule.name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: `${rule.remedy}\n\n${rule.example}`, markdown: `${rule.remedy}\n\n\`\`\`ts\n${rule.example}\n\`\`\`` },
    helpUri: rule.source,
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: { tags: ['security', 'ai', ...rule.controls, ...rule.threats], precision: 'high', 'security-severity': SCORES[rule.severity] },
  };
}

function resultOf(finding: Finding, index: ReadonlyMap<string, number>): object {
  const ruleIndex = index.get(finding.ruleId);
  const where = finding.constructPath ?? finding.resource;
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    kind: finding.verdict === 'UNDETERMINED' ? 'open' : 'fail',
    message: { text: `${finding.message} (${where}${finding.path === '' ? '' : `, ${finding.path}`})` },
    locations: [
      {
        ...physicalLocation(finding),
        logicalLocations: [{ name: logicalIdOf(finding), fullyQualifiedName: where, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'secureAi/v1': finding.fingerprint },
  };
}

function logicalIdOf({ resource }: Finding): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** The line that made the resource, else the template: code scanning shows only results with a file. */
function physicalLocation({ location, source }: Finding): object {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(location ?? '') ?? [];
  if (file !== undefined) {
    const region = { startLine: Number(line), startColumn: Number(column) };
    return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
  }
  return source === undefined ? {} : { physicalLocation: { artifactLocation: { uri: uriOf(source) } } };
}

function uriOf(file: string): string {
  const encoded = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? `file://${encoded}` : encoded;
}
