import { Token } from 'aws-cdk-lib';

/** A token stands for an id or ARN whose length is not known at synthesis; longer ones are not made here. */
const TOKEN_CHARACTERS = 100;

/** The characters that a statement takes of a policy's, at most. */
export function statementLength(statement: object): number {
  const text = JSON.stringify(statement);
  return Token.isUnresolved(text) ? text.replace(/\$\{Token\[[^\]]*\]\}/g, 'x'.repeat(TOKEN_CHARACTERS)).length : text.length;
}
