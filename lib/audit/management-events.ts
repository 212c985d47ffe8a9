import { Arn, ArnFormat, Token } from 'aws-cdk-lib';

/** Who records the management events of the account. The first copy is free, a second one costs. */
export class ManagementEvents {
  /** The new trail does: for an account without one. */
  public static recordedHere(): ManagementEvents {
    return new ManagementEvents();
  }

  /**
   * A trail that the account or its organisation has already: the new trail leaves them out.
   *
   * @throws when the ARN is not that of a trail
   */
  public static recordedBy(trailArn: string): ManagementEvents {
    if (!Token.isUnresolved(trailArn)) {
      const { service, resource } = Arn.split(trailArn, ArnFormat.SLASH_RESOURCE_NAME);
      if (service !== 'cloudtrail' || resource !== 'trail') throw new Error(`recordedBy takes the ARN of a trail, got '${trailArn}'`);
    }
    return new ManagementEvents(trailArn);
  }

  private constructor(
    /** The trail that records them; undefined: the new one. */
    public readonly existingTrailArn?: string,
  ) {}
}
