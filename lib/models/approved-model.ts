import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import type { WeakerChoice } from '../posture';
import { SecurityPosture } from '../posture';
import type { IApprovedModel, IModelArtifactBucket } from './api';
import type { DeployCheck } from './deploy-check';
import { digestOfPrefix } from './model-prefix';

/** Which model is deployed, and what checks it. */
export interface ApprovedModelProps {
  /** The check, which knows the store and the gate. */
  readonly check: DeployCheck;
  /** Where the model's files are: `models/<name>/sha256-<64 hexadecimal digits>/`, as the promoter returns it. */
  readonly prefix: string;
}

/** A model that no gate approved. */
export interface UnprovenModelProps {
  /** The store that serves it. */
  readonly store: IModelArtifactBucket;
  /** Where the model's files are: `models/<name>/sha256-<64 hexadecimal digits>/`, as the promoter returns it. */
  readonly prefix: string;
  /** Why it is deployed all the same. */
  readonly because: WeakerChoice;
}

/**
 * A model that was checked in the deployment which serves it, before anything is made from it.
 *
 * The deployment fails, with the reason in its events, unless the gate's latest signed decision passed this very prefix, and exactly the
 * files of its manifest lie there, each in its only version and with the checksum that S3 stored. Another model is another resource: a
 * rollback deletes the new one, which is never refused, and does not touch the old one, so it never waits for a check.
 */
export class ApprovedModel extends Construct implements IApprovedModel {
  /** A model without approval, by a choice that is recorded and shown in the report: what it holds is not checked at all. */
  public static withoutProof(scope: Construct, id: string, props: UnprovenModelProps): IApprovedModel {
    return new UnprovenModel(scope, id, props);
  }

  public readonly store: IModelArtifactBucket;
  public readonly prefix: string;
  public readonly digest: string;

  constructor(scope: Construct, id: string, { check, prefix }: ApprovedModelProps) {
    super(scope, id);
    this.digest = digestOfPrefix(prefix);
    declareControls(this, 'ML6', 'ML7', 'ML8');
    this.store = check.store;
    this.prefix = prefix;
    check._watch(prefix);
    // The digest is in the id of the resource: see the class.
    const verdict = new CustomResource(this, `Verdict${this.digest.slice('sha256-'.length, 'sha256-'.length + 16)}`, {
      resourceType: 'Custom::SecureAiApprovedModel',
      serviceToken: check.function.functionArn,
      properties: { Prefix: prefix },
      // A function that cannot answer holds the stack up to here, and not for an hour.
      serviceTimeout: Duration.minutes(20),
    });
    // Neither the function's permissions nor its way to CloudFormation may come later, or go earlier, than the check.
    verdict.node.addDependency(check);
    if (check.segment) verdict.node.addDependency(check.segment);
  }
}

/** A model whose user answers for it. */
class UnprovenModel extends Construct implements IApprovedModel {
  public readonly store: IModelArtifactBucket;
  public readonly prefix: string;
  public readonly digest: string;

  constructor(scope: Construct, id: string, { store, prefix, because }: UnprovenModelProps) {
    super(scope, id);
    this.digest = digestOfPrefix(prefix);
    this.store = store;
    this.prefix = prefix;
    because._record(this, 'model', SecurityPosture.of(this).evaluationDate);
  }
}
