import type { Evidence, PackAcknowledgement, PackEvidence } from './evidence';

/**
 * What the public packs did, and what they were told to leave.
 *
 * @param checks content of `checks.json`: an older or newer file may lack any of it, and a broken one hold anything
 */
export function packEvidenceOf(checks: unknown): Pick<Evidence, 'packs' | 'packAcknowledgements'> {
  const packs = list(object(checks).packs);
  return {
    packs: packs.map(packOf),
    packAcknowledgements: packs.flatMap((pack) => list(pack.acknowledged).map((one) => acknowledgementOf(pack, one))),
  };
}

function packOf(pack: Content): PackEvidence {
  return {
    name: text(pack.name),
    ...(pack.version === undefined ? {} : { version: text(pack.version) }),
    completed: pack.completed === true,
    rules: count(pack.rulesInPack),
    evaluations: count(pack.ruleEvaluations),
    open: list(pack.open).length,
    acknowledged: list(pack.acknowledged).length,
  };
}

function acknowledgementOf(pack: Content, one: Content): PackAcknowledgement {
  const resources = Array.isArray(one.resources) ? one.resources.map(text) : [];
  const [rule, classId, kind, reason] = [one.rule, one.class, one.kind, one.reason].map(text);
  return { pack: text(pack.name), rule, classId, kind, reason, resources };
}

type Content = Readonly<Record<string, unknown>>;

function object(value: unknown): Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Content) : {};
}

function list(value: unknown): Content[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}
