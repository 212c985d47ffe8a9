import { embeddedJson } from '../embedded-json';
import type { Dict, Value} from '../value';
import { Unknown, isDict, isList, textParts } from '../value';
import { conditionTests } from './condition-test';
import { policyTexts } from './policy-text';
import type { PolicyDocument, PolicyPrincipal, PolicyPrincipals, PolicyStatement, PolicyTexts, PrincipalKind } from './statement';

const PRINCIPAL_KINDS: readonly PrincipalKind[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Brings a policy document (object, or JSON in a text) into normal form. Anything unreadable is listed as opaque, never dropped. */
export function policyDocument(value: Value | undefined): PolicyDocument {
  const document = embeddedJson(value);
  if (document instanceof Unknown) {
    const branches = document.candidates?.filter((c): c is Value => c !== undefined).map(policyDocument);
    if (branches === undefined) return { version: undefined, statements: [], opaque: [document] };
    return {
      version: branches[0]?.version,
      statements: branches.flatMap((b) => b.statements).map((s, index) => ({ ...s, index, presence: 'MAYBE' as const })),
      opaque: branches.flatMap((b) => b.opaque),
    };
  }
  if (!isDict(document))
    return { version: undefined, statements: [], opaque: [new Unknown('INVALID', 'a policy document that is no object')] };
  const statements: PolicyStatement[] = [];
  const opaque: Unknown[] = [];
  collect(document.Statement, 'YES', statements, opaque);
  return { version: typeof document.Version === 'string' ? document.Version : undefined, statements, opaque };
}

function collect(value: Value | undefined, presence: 'YES' | 'MAYBE', statements: PolicyStatement[], opaque: Unknown[]): void {
  if (isList(value)) value.forEach((item) => collect(item, presence, statements, opaque));
  else if (isDict(value)) {
    const effects = effectsOf(value.Effect);
    for (const effect of effects) statements.push(statement(value, statements.length, effect, effects.length > 1 ? 'MAYBE' : presence));
  } else if (value instanceof Unknown && value.candidates !== undefined) {
    value.candidates.forEach((c) => c !== undefined && collect(c, 'MAYBE', statements, opaque));
  } else {
    opaque.push(value instanceof Unknown ? value : new Unknown('INVALID', 'a policy statement that is no object'));
  }
}

/** An effect that cannot be read counts as either. */
function effectsOf(value: Value | undefined): ('Allow' | 'Deny')[] {
  return value === 'Allow' || value === 'Deny' ? [value] : ['Allow', 'Deny'];
}

function statement(raw: Dict, index: number, effect: 'Allow' | 'Deny', presence: 'YES' | 'MAYBE'): PolicyStatement {
  const opaque: Unknown[] = [];
  const sid = textParts(raw.Sid)?.join('');
  return {
    index,
    ...(sid ? { sid } : {}),
    effect,
    presence,
    actions: either(raw, 'Action', 'NotAction') ?? { negated: false, texts: [] },
    resources: either(raw, 'Resource', 'NotResource'),
    principals: principals(raw),
    conditions: conditionTests(raw.Condition, opaque),
    opaque,
  };
}

function either(raw: Dict, key: string, negatedKey: string): PolicyTexts | undefined {
  if (raw[key] !== undefined) return { negated: false, texts: policyTexts(raw[key]) };
  if (raw[negatedKey] !== undefined) return { negated: true, texts: policyTexts(raw[negatedKey]) };
  return undefined;
}

function principals(raw: Dict): PolicyPrincipals | undefined {
  const negated = raw.Principal === undefined;
  const value = negated ? raw.NotPrincipal : raw.Principal;
  return value === undefined ? undefined : { negated, principals: principalList(value) };
}

function principalList(value: Value): PolicyPrincipal[] {
  if (value === '*') return [{ kind: 'ANY', parts: ['*'], maybe: false }];
  if (value instanceof Unknown && value.candidates !== undefined) {
    return value.candidates.flatMap((c) => (c === undefined ? [] : principalList(c).map((p) => ({ ...p, maybe: true }))));
  }
  if (!isDict(value)) {
    const unknown = value instanceof Unknown ? value : new Unknown('INVALID', 'a principal that is neither "*" nor an object');
    return PRINCIPAL_KINDS.map((kind) => ({ kind, parts: [unknown], maybe: true }));
  }
  return Object.entries(value).flatMap(([name, list]) => {
    const kind = PRINCIPAL_KINDS.find((k) => k === name);
    if (kind === undefined) return [];
    return policyTexts(list).map((text) => ({
      kind: kind === 'AWS' && text.parts[0] === '*' && text.parts.length === 1 ? ('ANY' as const) : kind,
      ...text,
    }));
  });
}
