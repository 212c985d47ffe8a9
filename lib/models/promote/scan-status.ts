/** The tag that GuardDuty writes on each version that it scanned, and the one value that lets it pass. */
export const SCAN_STATUS_TAG = 'GuardDutyMalwareScanStatus';
export const SCAN_STATUS_CLEAN = 'NO_THREATS_FOUND';
