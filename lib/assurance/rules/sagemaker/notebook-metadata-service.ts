import type { Rule } from '../rule';

/** `AISec-SM45`. */
export const notebookMetadataService: Rule = {
  id: 'AISec-SM45',
  name: 'NotebookMetadataService',
  title: 'A notebook instance serves metadata to signed sessions only',
  severity: 'HIGH',
  controls: ['AA2'],
  threats: ['AML.T0055'],
  why: 'A request that a page or a package makes the notebook send reads the credentials of the role from version 1 of the service.',
  remedy: 'Set InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion to 2.',
  example: "instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-imds.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) =>
    notebook.requireOneOf(
      'InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion',
      ['2'],
      'version 1 of the metadata service hands out credentials',
    ),
};
