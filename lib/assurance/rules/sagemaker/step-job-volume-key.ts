import { DEFINITION_TYPES } from '../definitions/definition';
import { jobFact, requireOfJobs } from '../definitions/job';
import { RunTimeChoice, heldByRole } from '../definitions/run-time-choice';
import { demandsVolumeKey } from '../identity/volume-key-demand';
import type { Rule } from '../rule';
import { volumeIsEncrypted } from './local-storage';

/** `AISec-SM22c`. */
export const stepJobVolumeKey: Rule = {
  id: 'AISec-SM22c',
  name: 'StepJobVolumeKey',
  title: 'Disks of jobs that pipelines and state machines start are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'ML3'],
  threats: ['AML.T0025'],
  why: 'The volume holds the data set and the checkpoints; under a key of AWS no key policy decides who reads a copy.',
  remedy: 'Set VolumeKmsKeyId in the resources of the request; instance types with local NVMe storage refuse it and encrypt in hardware.',
  example:
    "new tasks.SageMakerCreateTrainingJob(this, 'Train', { resourceConfig: { volumeEncryptionKey: key, instanceCount: " +
    '1, instanceType, volumeSize }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html',
  types: DEFINITION_TYPES,
  check: (subject) =>
    requireOfJobs(
      subject,
      'volumeKey',
      (key, job) => {
        const known = volumeIsEncrypted(key, jobFact(job, 'instanceType'));
        const open = known === 'UNKNOWN' && key instanceof RunTimeChoice && job.action !== undefined;
        return open ? heldByRole(subject, job.action, demandsVolumeKey) : known;
      },
      'its volume is under a key of AWS',
    ),
};
