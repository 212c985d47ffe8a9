import { JOB_TYPES, jobFact, requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';
import { volumeIsEncrypted } from './local-storage';

/** `AISec-SM19`. */
export const monitoringJobVolumeKey: Rule = {
  id: 'AISec-SM19',
  name: 'MonitoringJobVolumeKey',
  title: 'Disks of monitoring and processing jobs are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'The volume holds a copy of the records; under a key of AWS no key policy decides who reads it.',
  remedy: 'Set ClusterConfig.VolumeKmsKeyId; instance types with local NVMe storage refuse it and encrypt in hardware.',
  example:
    "jobResources: { clusterConfig: { volumeKmsKeyId: key.keyArn, instanceCount: 1, instanceType: 'ml.m5.xlarge', " +
    'volumeSizeInGb: 20 } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MonitoringClusterConfig.html',
  types: JOB_TYPES,
  check: (subject) =>
    requireOfJobs(
      subject,
      'volumeKey',
      (key, job) => volumeIsEncrypted(key, jobFact(job, 'instanceType')),
      'its volume is under a key of AWS',
    ),
};
