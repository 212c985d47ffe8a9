import type { GateFinding } from './gate-finding';
import type { Person } from './person';
import { personOf } from './person';

/** The fields of DescribeModelPackage that the gate looks at, as Step Functions hands them over. */
export interface DescribedPackage {
  readonly ModelPackageArn?: string;
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageStatus?: string;
  readonly ModelApprovalStatus?: string;
  readonly SecurityConfig?: { readonly KmsKeyId?: string };
  readonly InferenceSpecification?: { readonly Containers?: readonly DescribedContainer[] };
  readonly AdditionalInferenceSpecifications?: readonly { readonly Containers?: readonly DescribedContainer[] }[];
  readonly CreatedBy?: {
    readonly UserProfileName?: string;
    readonly IamIdentity?: { readonly Arn?: string; readonly SourceIdentity?: string };
  };
}

interface DescribedContainer {
  readonly Image?: string;
  readonly ModelDataUrl?: string;
  readonly ModelDataSource?: { readonly S3DataSource?: { readonly S3Uri?: string; readonly CompressionType?: string } };
  readonly AdditionalS3DataSource?: object;
}

/** What a package must be to be approved for one model. */
export interface ExpectedPackage {
  readonly modelPackageArn: string;
  readonly group: string;
  readonly kmsKeyArn: string;
  /** Address of the checked model, as `s3://served/models/fraud/sha256-…/`. */
  readonly modelUri: string;
}

/** Who made a package, as SageMaker recorded it. @throws GateError IDENTITY_UNKNOWN */
export function authorOf({ CreatedBy }: DescribedPackage): Person {
  const { UserProfileName, IamIdentity } = CreatedBy ?? {};
  const names = [UserProfileName, IamIdentity?.SourceIdentity].filter((name) => name !== undefined && name !== '');
  return personOf(IamIdentity?.Arn ?? '', names as string[]);
}

/** Whether a package deploys exactly the model that was checked, and can still be approved. */
export function packageFindings(described: DescribedPackage, expected: ExpectedPackage): GateFinding[] {
  const specifications = [described.InferenceSpecification, ...(described.AdditionalInferenceSpecifications ?? [])];
  const containers = specifications.flatMap((one) => one?.Containers ?? []);
  const approval = described.ModelApprovalStatus;
  const kmsKey = described.SecurityConfig?.KmsKeyId;
  const checks: readonly (readonly [boolean, string])[] = [
    [described.ModelPackageArn === expected.modelPackageArn, `the package is ${shown(described.ModelPackageArn)}, asked was ${expected.modelPackageArn}`],
    [described.ModelPackageGroupName === expected.group, `its group is ${shown(described.ModelPackageGroupName)}, this gate is for ${expected.group}`],
    [described.ModelPackageStatus === 'Completed', `its status is ${shown(described.ModelPackageStatus)}, not Completed`],
    [approval === 'PendingManualApproval', `its approval is ${shown(approval)}, not PendingManualApproval`],
    [kmsKey === expected.kmsKeyArn, `it is encrypted with ${shown(kmsKey)}, not with ${expected.kmsKeyArn}`],
    [containers.length > 0, 'it has no container'],
    // A tag can be moved to another image after the approval.
    [containers.every(({ Image }) => /@sha256:[0-9a-f]{64}$/.test(Image ?? '')), 'an image of it is not named by its digest'],
    [containers.every((one) => loadsOnly(one, expected.modelUri)), `a container of it loads something else than ${expected.modelUri}, uncompressed`],
  ];
  return checks.filter(([fits]) => !fits).map(([, reason]) => ({ code: 'PACKAGE_MISMATCH', about: 'package', reason }));
}

function loadsOnly({ ModelDataUrl, ModelDataSource, AdditionalS3DataSource }: DescribedContainer, uri: string): boolean {
  const source = ModelDataSource?.S3DataSource;
  // A described package may repeat the address in the older field.
  const older = ModelDataUrl === undefined || ModelDataUrl === '' || ModelDataUrl === uri;
  return older && source?.S3Uri === uri && source.CompressionType === 'None' && AdditionalS3DataSource === undefined;
}

function shown(value: unknown): string {
  return `${JSON.stringify(value) ?? 'nothing'}`.slice(0, 200);
}
