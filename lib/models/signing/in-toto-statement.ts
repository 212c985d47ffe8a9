import { JsonShape } from './json-shape';
import { quoted, SigningError } from './signing-error';
import { parseStrictJson } from './strict-json';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** What a statement is about: a name and at least one digest. */
export interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** An in-toto statement to be signed. */
export interface Statement {
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: object;
}

/** A statement that was read; only its frame is checked. */
export interface ReadStatement {
  readonly subjects: readonly JsonShape[];
  readonly predicateType: string;
  readonly predicate: JsonShape;
}

/** The bytes to sign. Indented, since people read payloads when a signature is in doubt. */
export function writeStatement(statement: Statement): Buffer {
  return Buffer.from(JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: statement.subject,
    predicateType: statement.predicateType,
    predicate: statement.predicate,
  }, undefined, 2));
}

/**
 * Reads an in-toto statement of one predicate type.
 *
 * @throws SigningError STATEMENT_TYPE_REFUSED, PREDICATE_TYPE_REFUSED, SUBJECT_COUNT, or a JSON or FIELD code
 */
export function readStatement(payload: Uint8Array, predicateType: string): ReadStatement {
  const statement = JsonShape.of(parseStrictJson(payload), 'statement').only('_type', 'subject', 'predicateType', 'predicate');
  const type = statement.string('_type');
  if (type !== STATEMENT_TYPE) {
    throw new SigningError('STATEMENT_TYPE_REFUSED', `statement type is ${quoted(type)}; it must be ${STATEMENT_TYPE}`);
  }
  const found = statement.string('predicateType');
  if (found !== predicateType) {
    throw new SigningError('PREDICATE_TYPE_REFUSED', `predicate type is ${quoted(found)}; it must be ${predicateType}`);
  }
  const subjects = statement.objects('subject');
  if (subjects.length === 0) throw new SigningError('SUBJECT_COUNT', 'statement has no subject');
  return { subjects, predicateType: found, predicate: statement.object('predicate') };
}
