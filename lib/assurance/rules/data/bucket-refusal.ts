import type { PolicyStatement, PolicyText } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer } from '../answer';
import type { StatementSite } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { When } from '../refusal';
import { refusesToAll } from '../refusal';
import type { Subject } from '../subject';
import { bucketStatements, unreadableBucketPolicy } from './bucket-policy';

/** What the policy of a bucket is asked to refuse to everybody. */
export interface Refusal {
  /** Each of them has to be refused, by one statement or by several. */
  readonly actions: readonly string[];
  /** When it is refused. @default - always, but for principals that the statement spares */
  readonly when?: When;
  /** Whether refusing below a prefix is enough, as for a prefix that holds what is served. */
  readonly somewhere?: boolean;
  /** What the bucket does without it, for the finding. */
  readonly message: string;
}

/** Judges whether the policies of a bucket refuse something to everybody; what of them cannot be read is undetermined. */
export function judgeRefusal({ app, resource }: Subject, refusal: Refusal): Judgement | readonly Judgement[] {
  const sites = bucketStatements(app, resource);
  const refused = all(refusal.actions.map((action) => anyRefuses(sites, action, refusal)));
  if (refused !== 'NO') return judged(refused, refusal.message);
  const unreadable = unreadableBucketPolicy(app, resource);
  return unreadable.length > 0 ? unreadable : judged(refused, refusal.message);
}

/** Whether one of the statements refuses an action: the first that does ends the search. */
function anyRefuses(sites: readonly StatementSite[], action: string, refusal: Refusal): Answer {
  let found: Answer = 'NO';
  for (const { statement } of sites) {
    if (statement.effect !== 'Deny') continue;
    const answered = refuses(statement, action, refusal);
    if (answered === 'YES') return 'YES';
    if (answered === 'UNKNOWN') found = 'UNKNOWN';
  }
  return found;
}

function refuses(statement: PolicyStatement, action: string, { when, somewhere = false }: Refusal): Answer {
  const place = OF_BUCKET.test(action) ? 'BUCKET' : somewhere ? 'PREFIX' : 'OBJECTS';
  const refused = refusesToAll(statement, action, when);
  return refused === 'NO' ? 'NO' : all([refused, coversBucket(statement, place)]);
}

/** Actions on the bucket itself; all others are on its objects. */
const OF_BUCKET = /^s3:(Put|Delete)(Bucket|Lifecycle|Encryption|Replication)/;

function coversBucket({ resources }: PolicyStatement, wanted: 'BUCKET' | 'OBJECTS' | 'PREFIX'): Answer {
  if (resources === undefined || resources.negated) return 'NO';
  return any(resources.texts.map((text) => (text.maybe ? 'UNKNOWN' : answer(isOf(text, wanted)))));
}

function isOf({ parts }: PolicyText, wanted: 'BUCKET' | 'OBJECTS' | 'PREFIX'): boolean {
  const text = parts.join('');
  if (text === '*') return true;
  const below = text.slice(text.indexOf('/') + 1);
  if (!text.includes('/')) return wanted === 'BUCKET';
  return wanted === 'PREFIX' || (wanted === 'OBJECTS' && below === '*');
}
