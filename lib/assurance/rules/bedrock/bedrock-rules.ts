import type { Rule } from '../rule';
import { actionConfirmed } from './action-confirmed';
import { agentGuardrail } from './agent-guardrail';
import { agentKey } from './agent-key';
import { agentRole } from './agent-role';
import { agentSessionLimit } from './agent-session-limit';
import { aliasPinned } from './alias-pinned';
import { dataSourceKept } from './data-source-kept';
import { enforcedGuardrail } from './enforced-guardrail';
import { extractedDataKey } from './extracted-data-key';
import { flowGuardrail } from './flow-guardrail';
import { guardrailComplete } from './guardrail-complete';
import { guardrailKey } from './guardrail-key';
import { guardrailVersioned } from './guardrail-versioned';
import { ingestBucketWriters } from './ingest-bucket-writers';
import { invocationLogEncrypted } from './invocation-log-encrypted';
import { invocationLogging } from './invocation-logging';
import { invokeModelAllowList } from './invoke-model-allow-list';
import { invokeRequiresGuardrail } from './invoke-requires-guardrail';
import { knowledgeBaseRole } from './knowledge-base-role';
import { managedKnowledgeBaseKey } from './managed-knowledge-base-key';
import { noBedrockKeyUsers } from './no-bedrock-key-users';
import { noCodeInterpreter } from './no-code-interpreter';
import { noDisableLogging } from './no-disable-logging';
import { noTestAlias } from './no-test-alias';
import { profileResidency } from './profile-residency';
import { sharedWithNamedPrincipals } from './shared-with-named-principals';
import { webCrawlerScope } from './web-crawler-scope';

/** Rules about Bedrock agents, guardrails, knowledge bases, flows and prompts. */
export const BEDROCK_RULES: readonly Rule[] = [
  agentGuardrail,
  guardrailComplete,
  guardrailKey,
  guardrailVersioned,
  invokeRequiresGuardrail,
  enforcedGuardrail,
  invokeModelAllowList,
  noBedrockKeyUsers,
  invocationLogging,
  noDisableLogging,
  agentKey,
  agentRole,
  actionConfirmed,
  noCodeInterpreter,
  agentSessionLimit,
  dataSourceKept,
  ingestBucketWriters,
  webCrawlerScope,
  knowledgeBaseRole,
  aliasPinned,
  profileResidency,
  invocationLogEncrypted,
  flowGuardrail,
  sharedWithNamedPrincipals,
  extractedDataKey,
  managedKnowledgeBaseKey,
  noTestAlias,
];
