import type { Request } from '../test/support/iam';
import { ALLOW_ALL, IamWorld, accountPrincipal, administrator, expectGuarded, foreignEndpoint, foreignPrincipal } from '../test/support/iam';
import type { Template } from '../test/support/iam';

/** One stack of the reference platform, as synthesised. */
export interface AttackedStack {
  readonly name: string;
  readonly template: Template;
  readonly account: string;
  readonly region: string;
  readonly organizationId?: string;
}

/** What became of one attack on one stack. */
export interface AttackResult {
  readonly attack: string;
  readonly stack: string;
  /** `blocked`: denied, and let through without the protections. `not asked`: the profile does not turn the protections on. */
  readonly outcome: 'blocked' | 'open' | 'not asked';
  /** Statements that each block it alone. */
  readonly layers: readonly string[];
  readonly detail?: string;
}

interface Attack {
  readonly title: string;
  /** A protection that the profile can leave out: without it in the template, the attack is not judged. */
  readonly optional?: string;
  readonly layers: readonly string[];
  readonly allowed: Request;
  readonly denied: Readonly<Record<string, Request>>;
}

const WRITE_ONCE = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };

/** The attacks on a model store that its policies decide, each with the legitimate request beside it. */
function attacksOn(stack: AttackedStack, world: IamWorld): Attack[] {
  const at = (path: string) => `${stack.name}/${path}`;
  const inside = foreignEndpoint(stack.account);
  // The endpoint that the platform names, of this account and, where there is one, of its organisation.
  const home = { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718', ...(stack.organizationId === undefined ? {} : { 'aws:VpceOrgID': stack.organizationId }) };
  const served = world.arnOf(at('Models/Served'), '/models/fraud/sha256-0/model.onnx');
  const upload = world.arnOf(at('Models/Quarantine'), '/uploads/model.onnx');
  const log = world.arnOf(at('Models/AccessLogs'), '/log');
  const admin = administrator();
  const breakGlass = accountPrincipal({ name: 'break-glass', policies: [ALLOW_ALL] });
  const deployer = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${stack.account}-${stack.region}`, policies: [ALLOW_ALL] });
  const read: Request = { principal: admin, action: 's3:GetObject', resource: served, via: inside, context: home };
  const promote: Request = { principal: at('Promoter/Handler/Role'), action: 's3:PutObject', resource: served, via: inside, context: { ...home, ...WRITE_ONCE } };
  const foreign = foreignPrincipal();
  const presigned = { ...home, 's3:authType': 'REST-QUERY-STRING' };
  return [
    {
      title: 'take a model with stolen credentials, from another network',
      optional: 'DenyForeignNetworks', layers: ['DenyForeignNetworks'], allowed: read,
      denied: { 'from the internet': { ...read, via: 'internet', context: {} }, 'through an endpoint of the thief': { ...read, via: foreignEndpoint(), context: {} } },
    },
    {
      title: 'take a model by a presigned URL',
      layers: ['DenyPresignedUrls'], allowed: read, denied: { 'from inside': { ...read, context: presigned } },
    },
    {
      title: 'overwrite a served model as the promoter',
      layers: ['DenyOverwrite'],
      allowed: promote,
      denied: { 'without the write-once header': { ...promote, context: { ...home, 's3:ObjectCreationOperation': 'true' } } },
    },
    {
      title: 'write a served model as somebody else',
      layers: ['DenyWritesByOthers'],
      allowed: promote,
      denied: { administrator: { ...promote, principal: admin } },
    },
    {
      title: 'lift the denies by changing the policy',
      layers: ['DenyPolicyChange'],
      allowed: { principal: deployer, action: 's3:PutBucketPolicy', resource: at('Models/Served') },
      denied: {
        'replace it': { principal: admin, action: 's3:PutBucketPolicy', resource: at('Models/Served') },
        'delete it': { principal: admin, action: 's3:DeleteBucketPolicy', resource: at('Models/Quarantine') },
      },
    },
    {
      title: 'load an upload before it is scanned clean',
      layers: ['DenyReadUntilClean'],
      allowed: { ...read, resource: upload, context: { ...home, 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' } },
      denied: {
        'no verdict yet': { ...read, resource: upload },
        infected: { ...read, resource: upload, context: { ...home, 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'THREATS_FOUND' } },
      },
    },
    {
      title: 'forge the verdict of the scan on a version',
      layers: ['DenyTagsByOthers'],
      allowed: { principal: at('Models/Scan/Role'), action: 's3:PutObjectVersionTagging', resource: upload, via: 'aws-network' },
      denied: { administrator: { ...read, action: 's3:PutObjectVersionTagging', resource: upload } },
    },
    {
      title: 'upload with a verdict of its own',
      layers: ['DenyScanTagOnUpload'],
      allowed: { ...read, action: 's3:PutObject', resource: upload },
      denied: {
        administrator: {
          ...read, action: 's3:PutObject', resource: upload,
          context: { ...home, 's3:RequestObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' },
        },
      },
    },
    {
      title: 'encrypt a model with a key of the attacker',
      layers: ['DenyWrongKey'], allowed: promote,
      denied: { 'foreign key': { ...promote, context: { ...promote.context, 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:999988887777:key/1' } } },
    },
    {
      // Only production names a break-glass role; where there is none, nobody deletes.
      title: 'delete models or logs',
      layers: ['DenyDeletion'],
      allowed: stack.name.endsWith('Production') ? { ...read, action: 's3:DeleteObjectVersion', principal: breakGlass } : read,
      denied: { 'a model': { ...read, action: 's3:DeleteObjectVersion' }, 'an access log': { ...read, action: 's3:DeleteObjectVersion', resource: log } },
    },
    {
      title: 'shorten the retention',
      layers: ['DenySettingsChange'],
      allowed: { principal: deployer, action: 's3:PutLifecycleConfiguration', resource: at('Models/Served') },
      denied: { administrator: { principal: admin, action: 's3:PutLifecycleConfiguration', resource: at('Models/Served') } },
    },
    {
      title: 'delete or disable the keys',
      optional: 'DenyKeyRemoval', layers: ['DenyKeyRemoval'],
      allowed: { principal: admin, action: 'kms:DescribeKey', resource: at('Models/ServedKey') },
      denied: { administrator: { principal: admin, action: 'kms:ScheduleKeyDeletion', resource: at('Models/ServedKey') } },
    },
    {
      title: 'sign a model as an administrator',
      layers: ['DenySigningByOthers'],
      allowed: { principal: admin, action: 'kms:GetPublicKey', resource: at('Signing/Resource') },
      denied: {
        administrator: {
          principal: admin, action: 'kms:Sign', resource: at('Signing/Resource'), context: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
        },
      },
    },
    {
      title: 'reach the store with an identity of another account',
      layers: ['DenyForeignIdentities'], allowed: read,
      // Without any Allow for it the store would deny it as well; with the deny, an Allow by accident changes nothing.
      denied: { 'through our endpoint': { ...read, principal: foreign } },
    },
  ];
}

/** Runs every attack on a stack, with and without its protections. */
export async function attack(stack: AttackedStack): Promise<AttackResult[]> {
  const text = JSON.stringify(stack.template);
  const world = IamWorld.of({ [stack.name]: withAccident(stack) }, {
    accountId: stack.account, region: stack.region, ...(stack.organizationId === undefined ? {} : { organizationId: stack.organizationId }),
  });
  const results: AttackResult[] = [];
  for (const { title, optional, layers, allowed, denied } of attacksOn(stack, world)) {
    if (optional !== undefined && !text.includes(`"${optional}"`)) {
      results.push({ attack: title, stack: stack.name, outcome: 'not asked', layers: [] });
      continue;
    }
    const protections = layers.map((sid) => ({ sid }));
    const outcome = await expectGuarded({ world, allowed, denied, protections }).then(
      () => ({ outcome: 'blocked' as const }),
      (error: Error) => ({ outcome: 'open' as const, detail: error.message }),
    );
    results.push({ attack: title, stack: stack.name, layers, ...outcome });
  }
  return results;
}

interface PlainResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly Metadata?: Record<string, string>;
}

/** The same template in which somebody has opened the served bucket to everybody, private by mistake no more: the denies must hold alone. */
function withAccident({ template, name }: AttackedStack): Template {
  const copy = structuredClone(template) as unknown as { Resources: Record<string, PlainResource> };
  for (const { Type, Properties, Metadata } of Object.values(copy.Resources)) {
    const path = Metadata?.['aws:cdk:path'];
    if (path === `${name}/Models/Served/Resource`) delete Properties.PublicAccessBlockConfiguration;
    if (Type === 'AWS::S3::BucketPolicy' && path === `${name}/Models/Served/Policy/Resource`) {
      const document = Properties.PolicyDocument as { Statement: unknown[] };
      document.Statement.push({ Sid: 'Accident', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' });
    }
  }
  return copy as unknown as Template;
}
