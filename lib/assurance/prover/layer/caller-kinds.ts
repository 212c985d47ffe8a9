import type { Request } from '../encoder/statement';
import { holds } from '../encoder/statement';
import type { Principal } from '../estate/estate';
import type { GroundStatement, GroundTest, GroundText } from '../estate/ground';
import { plainText } from '../estate/ground';

const ARN = 'aws:principalarn';

/**
 * Tells callers apart as far as policies that are not their own can: those of one kind get the same answer wherever their own
 * policies have no say.
 *
 * Roles of an account differ by their ARNs alone, and what is said of ARNs is said of few.
 */
export class CallerKinds {
  /** Tests of the caller's ARN, one of each. */
  private readonly tests: readonly GroundTest[];
  /** Principals of accounts that policies name. */
  private readonly named: readonly string[];
  /** Whether what is said of callers can hold a text that is another one for each. */
  private readonly isOpen: boolean;

  /**
   * @param statements those that may have a say
   * @param asked conditions that the requests in question are asked to meet besides
   */
  constructor(statements: readonly GroundStatement[], asked: readonly GroundTest[]) {
    const said = statements.map(sayingOf);
    this.tests = [...new Map([...said.flatMap(({ tests }) => [...tests]), ...arnTests(asked)]).values()];
    this.named = [...new Set(said.flatMap(({ named }) => named))];
    this.isOpen = said.some(({ isOpen }) => isOpen) || asked.some(({ values }) => !isSettled(values));
  }

  /** A text that is equal for callers of one kind. */
  of(caller: Principal): string {
    const { type, account, arn, keys } = caller;
    const others = [...keys].filter(([key]) => key !== ARN || this.isOpen);
    const called = this.named.filter((text) => isCalled(text, arn));
    return JSON.stringify([type, account, keys.has(ARN), others, outcomes(this.tests, caller), called]);
  }
}

/** What a statement says of callers. */
interface Saying {
  readonly tests: ReadonlyMap<string, GroundTest>;
  readonly named: readonly string[];
  readonly isOpen: boolean;
}

const sayings = new WeakMap<GroundStatement, Saying>();

function sayingOf(s: GroundStatement): Saying {
  let saying = sayings.get(s);
  if (saying === undefined) {
    const { conditions, resources, principals } = s;
    saying = {
      tests: arnTests(conditions),
      named: (principals?.principals ?? []).flatMap((p) => (p.kind === 'AWS' ? (plainText(p) ?? []) : [])),
      isOpen: !conditions.every((test) => isSettled(test.values)) || !isSettled(resources?.texts ?? []),
    };
    sayings.set(s, saying);
  }
  return saying;
}

function arnTests(tests: readonly GroundTest[]): Map<string, GroundTest> {
  return new Map(tests.filter(({ foldedKey }) => foldedKey === ARN).map((test) => [JSON.stringify(test), test]));
}

/** What tests of the ARN say of a caller whose ARN is known, read widely and narrowly. */
function outcomes(tests: readonly GroundTest[], principal: Principal): unknown[] {
  if (!principal.keys.has(ARN)) return [];
  // Nothing but the caller is asked.
  const request = { principal, approximations: new Set<string>() } as unknown as Request;
  return tests.flatMap((test) => [holds(test, request, 'OVER'), holds(test, request, 'UNDER')]);
}

/** Whether the caller's ARN is no part of the texts. */
function isSettled(texts: readonly GroundText[]): boolean {
  return texts.every(({ pieces }) => pieces.every((piece) => piece.kind !== 'VARIABLE' || piece.key !== ARN));
}

/** Whether a principal of a policy is a caller, or a session of it. */
function isCalled(text: string, arn: string | undefined): boolean {
  return arn === undefined || text === arn || (text.includes(':assumed-role/') && text.includes(`:assumed-role/${arn.split('/').pop() ?? ''}/`));
}
