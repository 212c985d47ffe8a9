import { isOneOf, not } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM61`. */
export const studioImageNotRoot: Rule = {
  id: 'AISec-SM61',
  name: 'StudioImageNotRoot',
  title: 'Images of notebooks do not run as root',
  severity: 'MEDIUM',
  controls: ['RT2'],
  threats: ['AML.T0105'],
  why: 'Root in the container writes to the mounted home directories as anybody, and is one step closer to the host.',
  remedy: 'Set DefaultUid to a user without privileges, such as 1000.',
  example:
    'kernelGatewayImageConfig: { fileSystemConfig: { defaultUid: 1000, defaultGid: 100, mountPath: ' +
    "'/home/sagemaker-user' }, kernelSpecs }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FileSystemConfig.html',
  types: ['AWS::SageMaker::AppImageConfig'],
  check: (image) =>
    image.require(
      'KernelGatewayImageConfig.FileSystemConfig.DefaultUid',
      (value) => not(isOneOf(0)(value)),
      'notebooks with the image run as root',
    ),
};
