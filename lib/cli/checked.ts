import type { AcknowledgedFinding } from '../assurance/rules/acknowledgements';
import type { Finding } from '../assurance/rules/finding';
import type { Judged } from '../assurance/rules/judge';
import type { JudgedPlace } from './template-place';

/** What a check found, parted by what becomes of it. */
export interface Checked {
  readonly place: JudgedPlace;
  readonly judged: Judged;
  /** Findings that fail. */
  readonly open: readonly Finding[];
  /** Findings of the baseline, or of the older assembly. */
  readonly known: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
}
