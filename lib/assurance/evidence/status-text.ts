import type { ControlStatus } from './evidence';

/** Words for a status, as reports show them. */
export const STATUS_TEXT: Readonly<Record<ControlStatus, string>> = {
  PROVEN: 'proven',
  CHECKED: 'checked',
  DECLARED: 'declared, unproven',
  UNDETERMINED: 'undetermined',
  OPEN: 'open',
  NOT_BUILT: 'not built',
};
