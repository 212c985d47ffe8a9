import type { Rule } from '../rule';
import { aiKeyNamedUsers } from './ai-key-named-users';
import { aiKeyRotates } from './ai-key-rotates';
import { aiMessageKey } from './ai-message-key';
import { assistantKnowsUsers, searchIndexByUser } from './enterprise-search';
import { bucketRefusesCallerKeys, bucketRefusesOtherEncryption, bucketRefusesOtherKeys } from './bucket-encryption-refusals';
import { bucketAllowsNamePrincipals, bucketAllowsNameResources } from './bucket-allows';
import { bucketServicesBound, bucketServicesNameSource, bucketServicesUseOnly } from './bucket-services';
import { bucketCanLock, bucketLocks } from './bucket-lock';
import { bucketWithoutAcl } from './bucket-ownership';
import { bucketRefusesDeletion, bucketRefusesPolicyChange, bucketRefusesSettings } from './bucket-stays';
import { bucketRefusesOldTls, bucketRefusesPresigned } from './bucket-transport';
import { dataOutlivesStack } from './data-outlives-stack';
import { deadLettersKey } from './dead-letters-key';
import { keyNamesPrincipals } from './key-principals';
import { keyGrantsToServices, keyRemovalRefused } from './key-refusals';
import { keyServicesBound, keyServicesUseOnly } from './key-services';
import { lifecycleOnAiData } from './lifecycle-on-ai-data';
import { messageServicesBound, messageServicesUseOnly, messagesNamedSenders, messagesRefusePlainHttp } from './message-policy';
import { modelBucketKey } from './model-bucket-key';
import { modelBucketNamedReaders } from './model-bucket-named-readers';
import { modelBucketNotPublic } from './model-bucket-not-public';
import { modelBucketPerimeter } from './model-bucket-perimeter';
import { modelBucketTls } from './model-bucket-tls';
import { modelBucketVersioned } from './model-bucket-versioned';
import { modelImageNamedReaders, modelImageScanned, modelImageTagsStay } from './model-image-repository';
import { oneKeyPerClass } from './one-key-per-class';
import { privateVectorCollection } from './private-vector-collection';
import { recordsPerimeter, recordsWrittenByServices } from './records-closed';
import { recordsExpire } from './records-expire';
import { requiredAiTags } from './required-ai-tags';
import { readOnlyWhenScanned, scanTagByScannerOnly, scanTagNotOnUpload } from './scan-tags';
import { servedModelNamedWriters, servedModelWrittenOnce } from './served-models';
import { signingKeyDigestsOnly, signingKeyNamedSigners, signingKeyOneAlgorithm } from './signing-key';
import { vectorBucketKey } from './vector-bucket-key';
import { vectorClusterEncrypted, vectorDomainClosed, vectorGraphClosed } from './vector-database';
import { bucketRefusesForeignIdentities, bucketRefusesForeignNetworks } from './bucket-perimeters';
import { lockedOutcomesWrittenOnce, outcomesNamedWriters } from './outcome-writes';
import { outcomesExpire } from './outcome-versions';
import { readTagsNamedSetters } from './read-tags';
import { servedModelWithdrawn } from './served-withdrawn';

/** Rules about stores of models, training data and vectors. */
export const DATA_RULES: readonly Rule[] = [
  modelBucketPerimeter,
  lifecycleOnAiData,
  requiredAiTags,
  oneKeyPerClass,
  privateVectorCollection,
  vectorBucketKey,
  modelBucketVersioned,
  modelBucketNotPublic,
  modelBucketTls,
  modelBucketKey,
  modelBucketNamedReaders,
  aiKeyNamedUsers,
  aiKeyRotates,
  modelImageTagsStay,
  modelImageScanned,
  modelImageNamedReaders,
  vectorClusterEncrypted,
  vectorDomainClosed,
  vectorGraphClosed,
  searchIndexByUser,
  assistantKnowsUsers,
  aiMessageKey,
  bucketRefusesOldTls,
  bucketRefusesPresigned,
  bucketRefusesOtherKeys,
  bucketRefusesOtherEncryption,
  bucketRefusesCallerKeys,
  bucketRefusesDeletion,
  bucketRefusesSettings,
  bucketRefusesPolicyChange,
  servedModelNamedWriters,
  servedModelWrittenOnce,
  readOnlyWhenScanned,
  scanTagByScannerOnly,
  scanTagNotOnUpload,
  keyGrantsToServices,
  keyRemovalRefused,
  keyServicesBound,
  keyServicesUseOnly,
  dataOutlivesStack,
  bucketWithoutAcl,
  bucketCanLock,
  bucketLocks,
  bucketServicesBound,
  bucketServicesNameSource,
  bucketServicesUseOnly,
  bucketAllowsNameResources,
  bucketAllowsNamePrincipals,
  messagesRefusePlainHttp,
  messageServicesBound,
  messageServicesUseOnly,
  messagesNamedSenders,
  deadLettersKey,
  recordsExpire,
  signingKeyNamedSigners,
  signingKeyDigestsOnly,
  signingKeyOneAlgorithm,
  keyNamesPrincipals,
  recordsPerimeter,
  recordsWrittenByServices,
  bucketRefusesForeignIdentities,
  bucketRefusesForeignNetworks,
  lockedOutcomesWrittenOnce,
  outcomesNamedWriters,
  outcomesExpire,
  readTagsNamedSetters,
  servedModelWithdrawn,
];
