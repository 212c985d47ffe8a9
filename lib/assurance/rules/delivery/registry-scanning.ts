import { any, isOneOf, isTrue } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-CI02`. */
export const registryScanning: Rule = {
  id: 'AISec-CI02',
  name: 'RegistryScanning',
  title: 'Container images are scanned when they are pushed',
  severity: 'MEDIUM',
  controls: ['SC2', 'RT2'],
  threats: ['AML.T0010.004'],
  why: 'Known holes in a serving library stay in production for as long as nobody looks.',
  remedy: 'Turn on ScanOnPush, or enhanced scanning for the registry.',
  example: "new ecr.Repository(this, 'Images', { imageScanOnPush: true, imageTagMutability: ecr.TagMutability.IMMUTABLE });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  types: ['AWS::ECR::Repository', 'AWS::ECR::RegistryScanningConfiguration'],
  check: (subject) => {
    if (subject.resource.type !== 'AWS::ECR::Repository') {
      return subject.requireOneOf('ScanType', ['ENHANCED'], 'the registry scans for holes of the system alone, not of packages');
    }
    const registry = subject.app.ofTypes('AWS::ECR::RegistryScanningConfiguration').map((scan) => isOneOf('ENHANCED')(scan.at('ScanType')));
    const own = isTrue(subject.at('ImageScanningConfiguration.ScanOnPush'));
    return judged(any([own, ...registry]), 'images of the repository are not scanned', 'ImageScanningConfiguration.ScanOnPush');
  },
};
