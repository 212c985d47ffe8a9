/** Characters of one policy without white space: AWS refuses longer ones. */
export const POLICY_LIMITS = {
  /** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  MANAGED_POLICY: 6144,
  /** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
  ORGANISATION_POLICY: 5120,
} as const;

/** What a policy has besides its statements. */
const FRAME = '{"Version":"2012-10-17","Statement":[]}'.length;

/**
 * The statements on as few pages as hold them in order. `lengthOf` tells the characters of a statement, since some of its values may not be
 * known yet.
 *
 * @throws when one statement alone is longer than a page
 */
export function policyPages<T extends { readonly Sid: string }>(
  statements: readonly T[],
  limit: number,
  lengthOf: (statement: T) => number = (statement) => JSON.stringify(statement).length,
): T[][] {
  const pages: T[][] = [];
  let room = 0;
  for (const statement of statements) {
    const length = lengthOf(statement) + 1;
    if (length + FRAME > limit) {
      throw new Error(`the statement '${statement.Sid}' has ${length} characters, and a policy ${limit} in all: name fewer values in it`);
    }
    if (length > room) {
      pages.push([]);
      room = limit - FRAME;
    }
    pages[pages.length - 1].push(statement);
    room -= length;
  }
  return pages;
}
