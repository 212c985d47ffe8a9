import type { Value } from '../../template';
import { Unknown, embeddedJson, isDict, isList, listOf, textParts } from '../../template';
import { isTrue, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-DP07`. */
export const privateVectorCollection: Rule = {
  id: 'AISec-DP07',
  name: 'PrivateVectorCollection',
  title: 'A vector collection is reached from the network only, by named principals, and encrypted with a key of the owner',
  severity: 'CRITICAL',
  controls: ['DP2b', 'RT1', 'AA3'],
  threats: ['AML.T0070', 'AML.T0035', 'LLM08'],
  why: 'The index holds the text of all documents beside the vectors: over a public address a stolen session reads or rewrites them.',
  remedy: 'Set AllowFromPublic to false with SourceVPCEs or the service of Bedrock, name a KmsARN, and name roles and permissions in the data policy.',
  example:
    'policy: JSON.stringify([{ Rules: [{ ResourceType: "collection", Resource: ["collection/docs"] }], AllowFromPublic: false, SourceServices: ["bedrock.amazonaws.com"] }])',
  source: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html',
  types: ['AWS::OpenSearchServerless::SecurityPolicy', 'AWS::OpenSearchServerless::AccessPolicy'],
  check: (policy) => {
    if (!holdsVectors(policy.app)) return undefined;
    const document = embeddedJson(policy.at('Policy'));
    if (document instanceof Unknown || document === undefined) return undetermined('the policy cannot be read', 'Policy');
    if (policy.resource.type.endsWith('AccessPolicy')) return [COMPLIANT, ...access(document)];
    return policy.at('Type') === 'network' ? network(document) : encryption(document);
  },
};

function holdsVectors(app: JudgedApp): boolean {
  const vectors = app.ofTypes('AWS::OpenSearchServerless::Collection').some((collection) => collection.at('Type') === 'VECTORSEARCH');
  return vectors || app.ofTypes('AWS::Bedrock::KnowledgeBase').some((base) => base.at('StorageConfiguration.OpensearchServerlessConfiguration') !== undefined);
}

function network(document: Value): Judgement[] {
  return listOf(document).map((rule) =>
    judged(not(isTrue(isDict(rule) ? rule.AllowFromPublic : rule)), 'the collection is reached from the internet', 'Policy'),
  );
}

function encryption(document: Value): Judgement[] {
  return listOf(document).map((rule) => judged(not(isTrue(isDict(rule) ? rule.AWSOwnedKey : rule)), 'the collection has no key of the owner', 'Policy'));
}

function access(document: Value): Judgement[] {
  return listOf(document).flatMap((entry): Judgement[] => {
    if (!isDict(entry)) return [];
    const principals = texts(entry.Principal).filter((principal) => /:root$|^\*$/.test(principal));
    const wide = listOf(entry.Rules).flatMap((rule) => (isDict(rule) ? texts(rule.Permission) : [])).filter((permission) => permission === 'aoss:*');
    return [
      ...principals.map((principal) => violated(`the whole account reads the index: ${principal}`, 'Policy')),
      ...wide.map(() => violated('allows every action on the index', 'Policy')),
    ];
  });
}

function texts(value: Value | undefined): string[] {
  return (isList(value) ? value : value === undefined ? [] : [value]).map((item) => textParts(item)?.join('') ?? '');
}
