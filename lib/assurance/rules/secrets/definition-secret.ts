import { embeddedJson } from '../../template';
import { DEFINITION_TYPES } from '../definitions/definition';
import type { Rule } from '../rule';
import { judgeTexts } from './literal-secrets';

/** `AISec-SE08`. */
export const definitionSecret: Rule = {
  id: 'AISec-SE08',
  name: 'DefinitionSecret',
  title: 'No secret stands in the definition of a pipeline or state machine',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Definitions are shown by the Describe calls, drawn in the console and copied into every execution.',
  remedy: 'Call Secrets Manager in a step, or use a connection of EventBridge for calls to the world.',
  example: "new tasks.HttpInvoke(this, 'Call', { connection, apiRoot: 'https://api.example.com', ... });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html',
  types: DEFINITION_TYPES,
  check: ({ resource }) =>
    ['PipelineDefinition.PipelineDefinitionBody', 'DefinitionString', 'Definition', 'DefinitionSubstitutions'].flatMap((property) => {
      const value = resource.at(property);
      if (value === undefined) return [];
      // Jobs have a rule of their own for their environment and hyperparameters.
      return judgeTexts(embeddedJson(value) ?? value, property).filter(({ path }) => !OWN_RULE.test(path));
    }),
};

const OWN_RULE = /\.(?:Environment|HyperParameters|StaticHyperParameters)\.[^.]+$/;
