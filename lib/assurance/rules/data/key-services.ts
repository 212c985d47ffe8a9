import type { Answer } from '../answer';
import { not } from '../answer';
import { ofAiApp } from '../of-ai-app';
import { isForService } from '../resource-policy';
import type { Rule } from '../rule';
import { coversAnyAction, demandsLike } from '../statement-match';
import { KEY, judgeKeyAllows } from './key-policy';

/** What tells a service whose request it serves. */
const ON_BEHALF = /^(kms:(encryptioncontext:.+|calleraccount|viaservice)|aws:(source(account|arn|orgid|orgpaths)|resource(account|orgid)))$/;
/** Who holds one of these rules the key, and everything under it. */
const MANAGES = ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'];

/** `AISec-DP40`. */
export const keyServicesBound: Rule = {
  id: 'AISec-DP40',
  name: 'KeyServicesBound',
  title: 'A service uses a key of an app with an AI workload for the own account only',
  severity: 'MEDIUM',
  controls: ['DP3', 'AA2'],
  threats: ['AML.T0035'],
  why: 'The service acts for all its customers: one of them lets it use your key, for example for a log group that is theirs.',
  remedy: 'Demand aws:SourceAccount or aws:SourceArn, or the encryption context that the service sends.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('logs.eu-central-1.amazonaws.com')], actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111111111111:log-group:*' } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  types: KEY,
  check: ofAiApp((key) => judgeKeyAllows(key, isForService, (statement) => demandsLike(statement, ON_BEHALF), 'a service may use the key for any account')),
};

/** `AISec-DP41`. */
export const keyServicesUseOnly: Rule = {
  id: 'AISec-DP41',
  name: 'KeyServicesUseOnly',
  title: 'A service uses a key of an app with an AI workload, and does not manage it',
  severity: 'MEDIUM',
  controls: ['DP3', 'P1'],
  threats: ['AML.T0035', 'AML.T0029'],
  why: 'A statement with kms:* for a service lets it replace the policy of the key and delete it.',
  remedy: 'Name the actions that the service needs, such as kms:Decrypt and kms:GenerateDataKey.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceAccount': account } } }));",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html',
  types: KEY,
  check: ofAiApp((key) => judgeKeyAllows(key, isForService, (statement): Answer => not(coversAnyAction(statement, MANAGES)), 'a service may manage the key')),
};
