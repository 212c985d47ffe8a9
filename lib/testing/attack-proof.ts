/** What became of an attack. */
export enum AttackVerdict {
  /** No request can do it, and legitimate use is possible. */
  PROVED = 'PROVED',
  /** No request can do it, but no legitimate one was found either: the claim says little. */
  PROVED_VACUOUSLY = 'PROVED_VACUOUSLY',
  /** A request can do it. */
  REFUTED = 'REFUTED',
  /** Neither was shown. */
  UNDETERMINED = 'UNDETERMINED',
  /** The templates have nothing that the attack is about: nothing is claimed. */
  NOT_APPLICABLE = 'NOT_APPLICABLE',
}

/** The proof about one attack, on the stacks of one account. */
export interface AttackProof {
  /** Id of the attack, for example `AISEC-08A`. */
  readonly attack: string;
  readonly title: string;
  /** The account whose stacks were judged. */
  readonly account: string;
  readonly verdict: AttackVerdict;
  /** Requests that succeed, or what stays open. */
  readonly reasons: string[];
  /** The number of layers that each stop it alone, against the caller who meets fewest. */
  readonly depth: number;
  /** Ids of controls that the attack is about. */
  readonly controls: string[];
}
