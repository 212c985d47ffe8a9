import type { AttackerSelector, RequestSpec, Subject, Threat } from '../attack-spec';

/** Buckets that hold logs: something delivers its records there. */
export const LOG_BUCKETS: Subject = {
  resources: [
    {
      types: ['AWS::S3::Bucket'],
      referencedBy: [
        'AWS::S3::Bucket@LoggingConfiguration',
        'AWS::CloudTrail::Trail@S3BucketName',
        'AWS::EC2::FlowLog@LogDestination',
        'AWS::Config::DeliveryChannel@S3BucketName',
        'AWS::Route53Resolver::ResolverQueryLoggingConfig@DestinationArn',
        'AWS::GuardDuty::PublishingDestination@DestinationProperties',
      ],
    },
    { types: ['AWS::S3::Bucket'], names: ['*accesslogs*', '*logarchive*', '*auditlog*', '*trailbucket*'] },
  ],
};

const NOT_LOGS = 'resources' in LOG_BUCKETS ? LOG_BUCKETS.resources : [];

/** Buckets that uploads wait in until they are scanned. */
export const QUARANTINE_BUCKETS: Subject = {
  resources: [{ types: ['AWS::S3::Bucket'], referencedBy: ['AWS::GuardDuty::MalwareProtectionPlan@ProtectedResource'] }],
  except: NOT_LOGS,
};

/** Buckets that hold decisions about models, and what they rest on: scans, approvals, signatures. */
export const DECISION_BUCKETS: Subject = { resources: [{ types: ['AWS::S3::Bucket'], names: ['*storerecords*'] }], except: NOT_LOGS };

/** Of these, the one that a gate keeps: what is decided there is announced. */
export const GATE_BUCKETS: Subject = {
  resources: [{ types: ['AWS::S3::Bucket'], names: ['*storerecords*'], referencedBy: ['AWS::Events::Rule'] }],
};

/** Of these, the one that scans are kept in: who promotes models reads it. */
export const SCAN_BUCKETS: Subject = {
  resources: [
    { types: ['AWS::S3::Bucket'], names: ['*storerecords*'], referencedBy: ['AWS::Lambda::Function@Environment.Variables.VERDICTS_BUCKET'] },
  ],
};

const DECISIONS = 'resources' in DECISION_BUCKETS ? DECISION_BUCKETS.resources : [];

/** Buckets that hold what models were asked and what they answered. */
const CAPTURES = [{ types: ['AWS::S3::Bucket'], names: ['*capturebucket*'] }];

/** Buckets that hold models, what decides about them or what they said: named so, or used by something that loads or scans models. */
export const MODEL_BUCKETS: Subject = {
  resources: [
    { types: ['AWS::S3::Bucket'], names: ['*model*', '*weights*', '*artifact*'] },
    {
      types: ['AWS::S3::Bucket'],
      referencedBy: ['AWS::SageMaker::Model', 'AWS::SageMaker::ModelPackage', 'AWS::GuardDuty::MalwareProtectionPlan@ProtectedResource'],
    },
    ...DECISIONS,
    ...CAPTURES,
  ],
  except: NOT_LOGS,
};

/** Buckets that models are served from. */
export const SERVED_BUCKETS: Subject = {
  ...MODEL_BUCKETS,
  except: [...NOT_LOGS, ...DECISIONS, ...CAPTURES, ...('resources' in QUARANTINE_BUCKETS ? QUARANTINE_BUCKETS.resources : [])],
};

/** Buckets in which models are retired by a tag: those that the library serves models from. */
export const RETIRING_BUCKETS: Subject = { resources: [{ types: ['AWS::S3::Bucket'], names: ['*served*'] }], except: NOT_LOGS };

/** Buckets that training reads from. */
export const TRAINING_BUCKETS: Subject = {
  resources: [{ types: ['AWS::S3::Bucket'], names: ['*training*', '*dataset*', '*features*'] }],
  except: NOT_LOGS,
};

/** Buckets that a knowledge base is filled from. */
export const KNOWLEDGE_BUCKETS: Subject = { resources: [{ types: ['AWS::S3::Bucket'], referencedBy: ['AWS::Bedrock::DataSource'] }] };

/** All buckets. */
export const BUCKETS: Subject = { resources: [{ types: ['AWS::S3::Bucket'] }] };

/** Keys that sign. */
export const SIGNING_KEYS: Subject = { resources: [{ types: ['AWS::KMS::Key'], properties: { KeyUsage: 'SIGN_VERIFY' } }] };

/** All keys. */
export const KEYS: Subject = { resources: [{ types: ['AWS::KMS::Key'] }] };

/** Keys that data lies under, and that services use for a role. */
export const DATA_KEYS: Subject = {
  resources: [
    {
      types: ['AWS::KMS::Key'],
      referencedBy: ['AWS::S3::Bucket@BucketEncryption', 'AWS::SQS::Queue@KmsMasterKeyId', 'AWS::Lambda::Function@KmsKeyArn'],
    },
  ],
};

/** Endpoints through which S3 is reached. */
export const S3_ENDPOINTS: Subject = { resources: [{ types: ['AWS::EC2::VPCEndpoint'], properties: { ServiceName: '*.s3' } }] };

/** Roles and users of the templates. */
export const CALLERS: Subject = { callers: {} };

/** Services that take a role and run no code of ours with it. */
export const SERVICES_WITHOUT_CODE: readonly string[] = [
  'malware-protection-plan.guardduty.amazonaws.com',
  'cloudtrail.amazonaws.com',
  'config.amazonaws.com',
  's3.amazonaws.com',
  'vpc-flow-logs.amazonaws.com',
  'delivery.logs.amazonaws.com',
  'apigateway.amazonaws.com',
];

/** Everybody who works in the account: what the templates allow their roles, and administrators who may do anything. */
export const INSIDERS: AttackerSelector = { types: ['ROLE', 'USER', 'ACCOUNT_ADMIN'], exceptRolesOf: SERVICES_WITHOUT_CODE };

/** The roles that models are served with. */
export const SERVING_ROLES: Subject = { callers: { namedBy: ['AWS::SageMaker::Model@ExecutionRoleArn'] } };

/** Insiders whose credentials somebody can hold: SageMaker keeps those of models without network to itself. */
export const HOLDERS: AttackerSelector = { ...INSIDERS, exceptKept: ['ISOLATED_MODEL'] };

/** An administrator whom nothing limits but policies on the resource and of the organisation. */
export const ADMINISTRATORS: AttackerSelector = { types: ['ACCOUNT_ADMIN'] };

/** Roles and users of the templates, with what they were given. */
export const OWN_ROLES: AttackerSelector = { types: ['ROLE', 'USER'] };

/** What roles are there for: that some of it is possible keeps the claim that they can do nothing else from being an empty one. */
export const OWN_WORK: RequestSpec = {
  action: ['s3:Get*', 's3:Put*', 'kms:Decrypt', 'sqs:SendMessage', 'logs:PutLogEvents'],
  principals: OWN_ROLES,
};

/** Callers whom no policy names: other organisations, accounts without one, and callers without any identity. */
export const STRANGERS: AttackerSelector = {
  types: ['FOREIGN', 'ANONYMOUS'],
  exceptIds: ['account *', 'an account of the organisation*'],
};

/** Why an administrator meets one layer. */
export const ADMIN_HAS_ONE_LAYER =
  'an administrator may do anything by identity: only the policy of the resource is left, or policies of the organisation, which templates do not hold';

/** Why a permission that nobody has is one layer. */
export const LEAST_PRIVILEGE_IS_ONE_LAYER =
  'the role does not have the permission; a boundary or a service control policy, given as an option, is the second layer';

/** Why a property of the request is tested in one place. */
export const TESTED_AT_THE_RESOURCE =
  'how a request comes is tested at the resource, so that it holds for every caller; a resource control policy can repeat it for the organisation';

/** Threats of MITRE ATLAS, as listed in its catalogue of techniques; the ids are not compared with it. */
export function atlas(...ids: readonly string[]): Threat[] {
  return ids.map((id) => ({ id, verified: false }));
}
