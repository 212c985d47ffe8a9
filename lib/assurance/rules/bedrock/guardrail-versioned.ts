import { Unknown } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-BR04`. */
export const guardrailVersioned: Rule = {
  id: 'AISec-BR04',
  name: 'GuardrailVersioned',
  title: 'A guardrail is published as a version that does not change',
  severity: 'HIGH',
  controls: ['ML5', 'MI5'],
  threats: ['AML.T0018', 'LLM03'],
  why: 'Without a version only the draft can be used: whoever may update it loosens the filters of everything that is live, at once.',
  remedy: 'Add a GuardrailVersion and use its number wherever the guardrail is named.',
  example: "const version = new bedrock.CfnGuardrailVersion(this, 'Version', { guardrailIdentifier: guardrail.attrGuardrailId });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions-create.html',
  types: ['AWS::Bedrock::Guardrail'],
  check: ({ app, resource }) => {
    const versions = app.ofTypes('AWS::Bedrock::GuardrailVersion');
    const own = versions.filter((version) => app.named(version.at('GuardrailIdentifier')) === resource);
    if (own.some(({ presence }) => presence === 'YES')) return COMPLIANT;
    const other = versions.some((version) => {
      const value = version.at('GuardrailIdentifier');
      return value instanceof Unknown && app.named(value) === undefined;
    });
    if (own.length > 0 || other) return undetermined('whether a version of the guardrail is made is decided at deploy time');
    return violated('no version of the guardrail is made: only the draft can be used');
  },
};
