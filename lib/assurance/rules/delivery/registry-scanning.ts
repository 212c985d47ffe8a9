import type { Rule } from '../rule';

/** `AISec-CI02`. */
export const registryScanning: Rule = {
  id: 'AISec-CI02',
  name: 'RegistryScanning',
  title: 'The registry scans images for holes of their packages as well',
  severity: 'MEDIUM',
  controls: ['SC2', 'RT2'],
  threats: ['AML.T0010.004'],
  why: 'Known holes in a serving library stay in production for as long as nobody looks.',
  remedy: 'Turn on enhanced scanning for the registry.',
  example: "new ecr.CfnRegistryScanningConfiguration(this, 'Scanning', { scanType: 'ENHANCED', rules: [] });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  types: ['AWS::ECR::RegistryScanningConfiguration'],
  check: (registry) => registry.requireOneOf('ScanType', ['ENHANCED'], 'the registry scans for holes of the system alone, not of packages'),
};
