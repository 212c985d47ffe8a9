import type { Value } from '../../template';
import { Unknown } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

const REQUIRED = ['Environment', 'DataClassification', 'OwnerTeam'];

/** `AISec-DP05`. */
export const requiredAiTags: Rule = {
  id: 'AISec-DP05',
  name: 'RequiredAiTags',
  title: 'AI resources say by tags where they belong, what data they hold and who owns them',
  severity: 'MEDIUM',
  controls: ['DP1', 'PG4'],
  threats: ['LLM02'],
  why: 'In an incident nobody knows whose model it is and whose data is in it; policies by tag do not see it either.',
  remedy: 'Tag Environment, DataClassification and OwnerTeam, best once on the app.',
  example: "Tags.of(app).add('DataClassification', 'confidential');",
  source: 'https://docs.aws.amazon.com/config/latest/developerguide/conformancepack-sample-templates.html',
  types: [
    'AWS::SageMaker::Model',
    'AWS::SageMaker::Endpoint',
    'AWS::SageMaker::NotebookInstance',
    'AWS::SageMaker::Domain',
    'AWS::SageMaker::FeatureGroup',
    'AWS::SageMaker::ModelPackageGroup',
    'AWS::SageMaker::Pipeline',
    'AWS::Bedrock::Agent',
    'AWS::Bedrock::Guardrail',
    'AWS::Bedrock::KnowledgeBase',
    'AWS::BedrockAgentCore::Runtime',
    'AWS::BedrockAgentCore::Gateway',
    'AWS::BedrockAgentCore::Memory',
  ],
  check: ({ app, resource }): Judgement => {
    const tags = resource.at('Tags');
    if (tags instanceof Unknown) return undetermined(`the tags are not known: ${tags.reason}`, 'Tags');
    const missing = REQUIRED.filter((key) => app.tag(resource, key) === undefined);
    if (missing.length > 0) return violated(`has no tag ${missing.join(', ')}`, 'Tags');
    const unsure = REQUIRED.filter((key) => isUndecided(app.tag(resource, key)));
    return unsure.length === 0 ? COMPLIANT : undetermined(`whether it has the tag ${unsure.join(', ')} is decided at deploy time`, 'Tags');
  },
};

/** A tag that is there in one branch of a condition only; a value from a parameter is a value. */
function isUndecided(value: Value | undefined): boolean {
  return value instanceof Unknown && (value.kind === 'CONDITION' || value.kind === 'FUNCTION');
}
