import { isOneOf, not } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM60`. */
export const spacePrivate: Rule = {
  id: 'AISec-SM60',
  name: 'SpacePrivate',
  title: 'A space of a domain belongs to one user',
  severity: 'LOW',
  controls: ['AA3', 'OB1'],
  threats: ['AML.T0012'],
  why: 'In a shared space everybody works with the role of the domain: one reads the files of the others, and no log says who.',
  remedy: 'Set SharingType to Private, and share results through a bucket or a repository.',
  example: "spaceSharingSettings: { sharingType: 'Private' }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/domain-space.html',
  types: ['AWS::SageMaker::Space'],
  check: (space) =>
    space.require('SpaceSharingSettings.SharingType', (value) => not(isOneOf('Shared')(value)), 'users of the space act under one role'),
};
