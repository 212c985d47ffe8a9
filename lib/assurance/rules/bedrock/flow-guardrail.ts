import { all, isPresent } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';
import { isPinnedVersion } from './guardrail-version';

/** `AISec-BR25`. */
export const flowGuardrail: Rule = {
  id: 'AISec-BR25',
  name: 'FlowGuardrail',
  title: 'The prompts and knowledge bases of a flow run behind a fixed version of a guardrail',
  severity: 'HIGH',
  controls: ['MI5'],
  threats: ['AML.T0051', 'LLM01', 'LLM02'],
  why: 'A flow calls the model itself: the guardrail of an agent beside it does not see these prompts and answers.',
  remedy: 'Set GuardrailConfiguration with a numbered version on each prompt and knowledge base node.',
  example: "prompt: { sourceConfiguration, guardrailConfiguration: { guardrailIdentifier: guardrail.attrGuardrailId, guardrailVersion: '1' } }",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/flows-guardrails.html',
  types: ['AWS::Bedrock::Flow'],
  check: (flow) => {
    const nodes = flow.forEach('Definition.Nodes', ({ path }, at): readonly Judgement[] =>
      ['Prompt', 'KnowledgeBase'].flatMap((kind) => {
        const config = at(`Configuration.${kind}`);
        // A knowledge base without a model returns passages only.
        if (config === undefined || (kind === 'KnowledgeBase' && at('Configuration.KnowledgeBase.ModelId') === undefined)) return [];
        const guard = `Configuration.${kind}.GuardrailConfiguration`;
        const guarded = all([isPresent(at(`${guard}.GuardrailIdentifier`)), isPinnedVersion(flow.app)(at(`${guard}.GuardrailVersion`))]);
        return [judged(guarded, 'the node calls a model without a fixed guardrail', `${path}.${guard}`)];
      }),
    );
    return nodes.length > 0 ? nodes : COMPLIANT;
  },
};
