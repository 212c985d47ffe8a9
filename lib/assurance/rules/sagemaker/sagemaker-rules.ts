import type { Rule } from '../rule';
import { asyncOutputKey } from './async-output-key';
import { clusterHardened } from './cluster-hardened';
import { coreDumpKey } from './core-dump-key';
import { deviceFleetKey } from './device-fleet-key';
import { domainDockerTrusted } from './domain-docker-trusted';
import { domainKey } from './domain-key';
import { domainSharesNothing } from './domain-shares-nothing';
import { domainSingleSignOn } from './domain-single-sign-on';
import { domainVpcOnly } from './domain-vpc-only';
import { endpointAlarms } from './endpoint-alarms';
import { endpointDataCapture } from './endpoint-data-capture';
import { endpointDataCaptureKey } from './endpoint-data-capture-key';
import { endpointMonitored } from './endpoint-monitored';
import { endpointNoShell } from './endpoint-no-shell';
import { endpointRoleNotShared } from './endpoint-role-not-shared';
import { endpointRollback } from './endpoint-rollback';
import { endpointScalingCap } from './endpoint-scaling-cap';
import { endpointTwoInstances } from './endpoint-two-instances';
import { endpointVolumeKey } from './endpoint-volume-key';
import { experimentKeys } from './experiment-keys';
import { featureGroupExpiry } from './feature-group-expiry';
import { featureGroupOfflineKey } from './feature-group-offline-key';
import { featureGroupOnlineKey } from './feature-group-online-key';
import { imageFromVettedRegistry } from './image-from-vetted-registry';
import { imagePinnedByDigest } from './image-pinned-by-digest';
import { imagePulledInsideVpc } from './image-pulled-inside-vpc';
import { inferenceComponentIsolation } from './inference-component-isolation';
import { lifecycleScriptPinned } from './lifecycle-script-pinned';
import { mlflowStore } from './mlflow-store';
import { modelCardExists } from './model-card-exists';
import { modelCardKey } from './model-card-key';
import { modelDataImmutable } from './model-data-immutable';
import { modelInVpc } from './model-in-vpc';
import { modelNetworkIsolation } from './model-network-isolation';
import { monitoringJobIsolation } from './monitoring-job-isolation';
import { monitoringJobOutputKey } from './monitoring-job-output-key';
import { monitoringJobRuntime } from './monitoring-job-runtime';
import { monitoringJobTraffic } from './monitoring-job-traffic';
import { monitoringJobVolumeKey } from './monitoring-job-volume-key';
import { multiModelIsolated } from './multi-model-isolated';
import { noPickleArtifact } from './no-pickle-artifact';
import { notebookInSubnet } from './notebook-in-subnet';
import { notebookKey } from './notebook-key';
import { notebookMetadataService } from './notebook-metadata-service';
import { notebookNoInternet } from './notebook-no-internet';
import { notebookNoRoot } from './notebook-no-root';
import { notebookPlatform } from './notebook-platform';
import { packageGroupPerimeter } from './package-group-perimeter';
import { packageProvenance } from './package-provenance';
import { packageValidation } from './package-validation';
import { partnerAppHardened } from './partner-app-hardened';
import { pipelineDefinitionPinned } from './pipeline-definition-pinned';
import { pipelineEvaluatesBeforeRegister } from './pipeline-evaluates-before-register';
import { registerPending } from './register-pending';
import { serverlessConcurrencyCap } from './serverless-concurrency-cap';
import { spacePrivate } from './space-private';
import { stepEndpointKey } from './step-endpoint-key';
import { stepJobInVpc } from './step-job-in-vpc';
import { stepJobIsolation } from './step-job-isolation';
import { stepJobOutputKey } from './step-job-output-key';
import { stepJobRuntime } from './step-job-runtime';
import { stepJobTraffic } from './step-job-traffic';
import { stepJobVolumeKey } from './step-job-volume-key';
import { stepModelIsolation } from './step-model-isolation';
import { stepRemoteDebug } from './step-remote-debug';
import { studioIdleShutdown } from './studio-idle-shutdown';
import { studioImageNotRoot } from './studio-image-not-root';
import { workteamPrivate } from './workteam-private';

/** Rules about SageMaker models, endpoints, jobs, pipelines, domains and registries. */
export const SAGEMAKER_RULES: readonly Rule[] = [
  modelNetworkIsolation,
  modelInVpc,
  imagePinnedByDigest,
  imageFromVettedRegistry,
  modelDataImmutable,
  noPickleArtifact,
  endpointVolumeKey,
  endpointDataCaptureKey,
  endpointDataCapture,
  asyncOutputKey,
  endpointMonitored,
  endpointAlarms,
  endpointScalingCap,
  endpointRollback,
  serverlessConcurrencyCap,
  inferenceComponentIsolation,
  monitoringJobTraffic,
  monitoringJobIsolation,
  monitoringJobVolumeKey,
  monitoringJobOutputKey,
  monitoringJobRuntime,
  stepJobIsolation,
  stepJobInVpc,
  stepJobTraffic,
  stepJobVolumeKey,
  stepJobOutputKey,
  stepJobRuntime,
  stepModelIsolation,
  stepEndpointKey,
  stepRemoteDebug,
  pipelineEvaluatesBeforeRegister,
  registerPending,
  packageValidation,
  packageProvenance,
  packageGroupPerimeter,
  domainVpcOnly,
  domainSingleSignOn,
  domainSharesNothing,
  lifecycleScriptPinned,
  featureGroupOnlineKey,
  featureGroupOfflineKey,
  featureGroupExpiry,
  modelCardExists,
  modelCardKey,
  clusterHardened,
  mlflowStore,
  workteamPrivate,
  partnerAppHardened,
  notebookNoInternet,
  notebookNoRoot,
  notebookKey,
  notebookMetadataService,
  notebookInSubnet,
  notebookPlatform,
  endpointTwoInstances,
  endpointNoShell,
  domainKey,
  domainDockerTrusted,
  coreDumpKey,
  experimentKeys,
  deviceFleetKey,
  endpointRoleNotShared,
  studioIdleShutdown,
  multiModelIsolated,
  imagePulledInsideVpc,
  pipelineDefinitionPinned,
  spacePrivate,
  studioImageNotRoot,
];
