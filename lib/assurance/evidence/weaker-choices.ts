import { compareText } from '../text-order';
import { POSTURE_METADATA_KEY, type ConstructMetadata } from '../template-source';
import type { WeakerChoiceEvidence } from './evidence';

const DAY = 86_400_000;

/** Postures of the app, with the construct that each is attached to. */
export function posturesOf(metadata: ConstructMetadata): { at: string; data: Readonly<Record<string, unknown>> }[] {
  return [...metadata.constructPaths].flatMap((at) =>
    metadata
      .dataAt(at, POSTURE_METADATA_KEY)
      .map((data) => ({ at, data: (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>> })),
  );
}

/** The latest day for which a posture was evaluated. */
export function evaluationDateOf(postures: readonly { readonly data: Readonly<Record<string, unknown>> }[]): string | undefined {
  return postures
    .map(({ data }) => data.evaluationDate)
    .filter((day): day is string => typeof day === 'string')
    .sort()
    .at(-1);
}

/** Weaker choices that the app records, those that expire first in front. */
export function weakerChoicesOf(metadata: ConstructMetadata, today: string | undefined): WeakerChoiceEvidence[] {
  const found = [...metadata.constructPaths].flatMap((at) =>
    metadata.dataAt(at, 'cdk-secure-ai:weaker-choice').map((data) => choiceAt(at, (data ?? {}) as Readonly<Record<string, unknown>>, today)),
  );
  return found.sort((a, b) => compareText(a.expires, b.expires) || compareText(a.at, b.at) || compareText(a.setting, b.setting));
}

function choiceAt(at: string, data: Readonly<Record<string, unknown>>, today: string | undefined): WeakerChoiceEvidence {
  const text = (key: string): string => (typeof data[key] === 'string' ? data[key] : '');
  const daysLeft = daysBetween(today, text('expires'));
  const ageDays = daysBetween(text('since'), today);
  return {
    at,
    setting: text('setting'),
    reason: text('reason'),
    owner: text('owner'),
    ...(text('since') === '' ? {} : { since: text('since') }),
    expires: text('expires'),
    ...(daysLeft === undefined ? {} : { daysLeft }),
    ...(ageDays === undefined ? {} : { ageDays }),
  };
}

function daysBetween(from: string | undefined, to: string | undefined): number | undefined {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
  return Number.isFinite(days) ? Math.round(days) : undefined;
}
