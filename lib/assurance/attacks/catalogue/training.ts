import type { CatalogueAttack, Subject } from '../attack-spec';
import { ADMIN_HAS_ONE_LAYER, INSIDERS, LEAST_PRIVILEGE_IS_ONE_LAYER, OWN_ROLES, atlas } from './subjects';

const LAUNCHERS: Subject = { callers: { may: ['sagemaker:CreateTrainingJob'] } };
const APPROVERS: Subject = { callers: { may: ['sagemaker:UpdateModelPackage'] } };
const BY_LAUNCHERS = { ...OWN_ROLES, from: 'launchers' };
const ASKED_OF_THE_LAUNCHER = 'jobs have no policy of their own: the role asks for isolation, and a service control policy can repeat it';
const URLS = ['sagemaker:CreatePresignedDomainUrl', 'sagemaker:CreatePresignedNotebookInstanceUrl'];

/** Ways through training jobs, notebooks and the registry. */
export const TRAINING: readonly CatalogueAttack[] = [
  {
    id: 'AISEC-18A',
    title: 'a training job starts without network isolation, or says nothing of it',
    threats: atlas('AML.T0025'),
    controls: ['MI3', 'RT1'],
    subjects: { launchers: LAUNCHERS },
    principals: BY_LAUNCHERS,
    action: ['sagemaker:CreateTrainingJob'],
    where: { BoolIfExists: { 'sagemaker:NetworkIsolation': 'false' } },
    legitimate: {
      action: ['sagemaker:CreateTrainingJob'],
      where: { Bool: { 'sagemaker:NetworkIsolation': 'true' } },
      principals: BY_LAUNCHERS,
    },
    oneLayer: ASKED_OF_THE_LAUNCHER,
  },
  {
    id: 'AISEC-18B',
    title: 'a training job starts outside a VPC',
    threats: atlas('AML.T0025'),
    controls: ['RT1'],
    subjects: { launchers: LAUNCHERS },
    principals: BY_LAUNCHERS,
    action: ['sagemaker:CreateTrainingJob'],
    where: { Null: { 'sagemaker:VpcSubnets': 'true' } },
    legitimate: { action: ['sagemaker:CreateTrainingJob'], where: { Null: { 'sagemaker:VpcSubnets': 'false' } }, principals: BY_LAUNCHERS },
    oneLayer: ASKED_OF_THE_LAUNCHER,
  },
  {
    id: 'AISEC-18C',
    title: 'a training job writes what it learned under no key of its own choice',
    threats: atlas('AML.T0025'),
    controls: ['DP3', 'MI3'],
    subjects: { launchers: LAUNCHERS },
    principals: BY_LAUNCHERS,
    action: ['sagemaker:CreateTrainingJob'],
    where: { Null: { 'sagemaker:OutputKmsKey': 'true', 'sagemaker:OutputKmsKeyArn': 'true' } },
    legitimate: {
      action: ['sagemaker:CreateTrainingJob'],
      where: { Null: { 'sagemaker:OutputKmsKeyArn': 'false' } },
      principals: BY_LAUNCHERS,
    },
    oneLayer: ASKED_OF_THE_LAUNCHER,
  },
  {
    id: 'AISEC-18D',
    title: 'a training job keeps its work on network disks without a key',
    threats: atlas('AML.T0025'),
    controls: ['DP3', 'MI3'],
    subjects: { launchers: LAUNCHERS },
    principals: BY_LAUNCHERS,
    action: ['sagemaker:CreateTrainingJob'],
    where: {
      Null: { 'sagemaker:VolumeKmsKey': 'true', 'sagemaker:VolumeKmsKeyArn': 'true' },
      'ForAllValues:StringLike': { 'sagemaker:InstanceTypes': 'ml.m5.*' },
    },
    legitimate: {
      action: ['sagemaker:CreateTrainingJob'],
      where: { Null: { 'sagemaker:VolumeKmsKeyArn': 'false' } },
      principals: BY_LAUNCHERS,
    },
    oneLayer: ASKED_OF_THE_LAUNCHER,
  },
  {
    id: 'AISEC-19',
    title: 'who registers a model version approves it',
    threats: atlas('AML.T0018'),
    controls: ['ML6'],
    subjects: { registrars: { callers: { may: ['sagemaker:CreateModelPackage'] } } },
    principals: OWN_ROLES,
    action: ['sagemaker:CreateModelPackage'],
    and: [{ action: ['sagemaker:UpdateModelPackage'], where: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } } }],
    legitimate: { action: ['sagemaker:CreateModelPackage'], principals: OWN_ROLES },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-19B',
    title: 'who approves model versions changes something else about them',
    threats: atlas('AML.T0018'),
    controls: ['ML6'],
    subjects: { approvers: APPROVERS },
    principals: { ...OWN_ROLES, from: 'approvers' },
    action: ['sagemaker:UpdateModelPackage'],
    where: { Null: { 'sagemaker:ModelApprovalStatus': 'true' } },
    legitimate: {
      action: ['sagemaker:UpdateModelPackage'],
      where: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } },
      principals: { ...OWN_ROLES, from: 'approvers' },
    },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-19C',
    title: 'somebody deletes a group of model versions, or changes who may approve them',
    threats: atlas('AML.T0018', 'AML.T0101'),
    controls: ['ML6'],
    subjects: { groups: { resources: [{ types: ['AWS::SageMaker::ModelPackageGroup'] }] } },
    principals: INSIDERS,
    action: ['sagemaker:DeleteModelPackageGroup', 'sagemaker:DeleteModelPackageGroupPolicy', 'sagemaker:PutModelPackageGroupPolicy'],
    resource: ['@groups@'],
    where: { ArnNotLike: { 'aws:PrincipalArn': '@operators@' } },
    legitimate: { action: ['sagemaker:DescribeModelPackageGroup'], resource: ['@groups@'], principals: INSIDERS },
    oneLayer: ADMIN_HAS_ONE_LAYER,
  },
  {
    id: 'AISEC-20',
    title: 'a URL into a notebook or domain is made from the internet',
    threats: atlas('AML.T0012', 'AML.CS0018'),
    controls: ['RT1'],
    subjects: { users: { callers: { may: URLS } } },
    principals: { ...OWN_ROLES, from: 'users' },
    action: URLS,
    where: { Null: { 'aws:SourceVpce': 'true' }, BoolIfExists: { 'aws:ViaAWSService': 'false' } },
    legitimate: { action: URLS, where: { Null: { 'aws:SourceVpce': 'false' } }, principals: { ...OWN_ROLES, from: 'users' } },
    oneLayer: 'domains have no policy of their own: the role tests the network, and a service control policy can repeat it',
  },
];
