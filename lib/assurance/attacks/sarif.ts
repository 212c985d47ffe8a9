import type { AttackResult } from './attack-result';
import type { ProofGroup } from './proof-run';

const KINDS = { REFUTED: 'fail', UNDETERMINED: 'open', PROVED: 'pass', PROVED_VACUOUSLY: 'pass', NOT_APPLICABLE: 'notApplicable' } as const;

/** Proofs as SARIF 2.1.0, for code scanning: a refuted attack is an error, one that stays open is marked so. */
export function sarifOf(groups: readonly ProofGroup[], version: string, artifact: string): object {
  const rules = new Map<string, AttackResult>(groups.flatMap(({ results }) => results.map((result) => [result.id, result] as const)));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'secure-ai prove',
            version,
            rules: [...rules.values()].map(({ id, title, threats, controls }) => ({
              id,
              shortDescription: { text: title },
              properties: { controls, threats: threats.map((threat) => threat.id) },
            })),
          },
        },
        results: groups.flatMap((group) => group.results.map((result) => resultOf(result, group, artifact))),
      },
    ],
  };
}

function resultOf({ id, title, verdict, reasons, depth, layers }: AttackResult, { account, stacks }: ProofGroup, artifact: string): object {
  const kind = KINDS[verdict];
  return {
    ruleId: id,
    kind,
    // By the specification a result that is no failure has no level.
    level: kind === 'fail' ? 'error' : 'none',
    message: { text: [`${title}: ${verdict}`, ...reasons].join('\n') },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(artifact) } },
        logicalLocations: stacks.map((name) => ({ name, fullyQualifiedName: `${account}/${name}`, kind: 'module' })),
      },
    ],
    properties: { verdict, layers: depth, layersByCaller: layers },
  };
}
