import { isTrue, not } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { jobFact, jobsOf } from '../definitions/job';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM22h`. */
export const stepRemoteDebug: Rule = {
  id: 'AISec-SM22h',
  name: 'StepRemoteDebug',
  title: 'No job that pipelines and state machines start has a remote shell',
  severity: 'HIGH',
  controls: ['ML3', 'AA4'],
  threats: ['AML.T0012'],
  why: 'Remote debugging opens a shell in the training container, past its isolation, for everybody who may start a session.',
  remedy: 'Leave RemoteDebugConfig.EnableRemoteDebug out of the request, and deny sagemaker:EnableRemoteDebug by policy.',
  example: '"Parameters": { "RemoteDebugConfig": { "EnableRemoteDebug": false }, ... }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-remote-debugging.html',
  types: DEFINITION_TYPES,
  check: ({ resource }) =>
    jobsOf(resource)
      .filter(({ shape }) => shape.remoteDebug !== undefined)
      .map((job) =>
        judged(
          not(isTrue(jobFact(job, 'remoteDebug'))),
          `${job.name}: a shell opens in the container`,
          `${job.path}.${job.shape.remoteDebug}`,
        ),
      ),
};
