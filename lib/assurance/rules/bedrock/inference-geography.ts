import type { Answer } from '../answer';
import { answer } from '../answer';
import type { Text, Unknown } from '../../template';

/** Prefix of an inference profile, and the regions that it stays in. */
const REGIONS: Readonly<Record<string, RegExp>> = {
  us: /^us-(east|west)-/,
  'us-gov': /^us-gov-/,
  eu: /^eu-/,
  apac: /^ap-/,
  jp: /^ap-northeast-[13]$/,
  au: /^ap-southeast-(2|4)$/,
  ca: /^(ca|us)-/,
};

const PROFILE = /(?:^|inference-profile\/|guardrail-profile\/)(us-gov|us|eu|apac|jp|au|ca|global)\.[a-z]/;

/** Whether requests by a model id, a profile or an ARN stay in the geography of the region; `YES` for what is no profile across regions. */
export function staysIn(region: string | Text | Unknown, id: string): Answer {
  const prefix = PROFILE.exec(id)?.[1];
  if (prefix === undefined) return 'YES';
  if (prefix === 'global') return 'NO';
  return typeof region === 'string' ? answer(REGIONS[prefix].test(region)) : 'UNKNOWN';
}
