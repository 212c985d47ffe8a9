/**
 * How the log group of training jobs comes about. SageMaker has one for each account and region, `/aws/sagemaker/TrainingJobs`, and makes
 * it without key and without end unless it is there.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 */
export class TrainingLogs {
  /** The account has the group, which stays as it is: give it a key and a retention yourself. */
  public static existing(): TrainingLogs {
    return new TrainingLogs(false);
  }

  /**
   * A group with key and retention, made once for all environments of an app in an account and region. The deployment fails where there is
   * one already, for example from earlier jobs.
   */
  public static create(): TrainingLogs {
    return new TrainingLogs(true);
  }

  private constructor(
    /** @internal */
    public readonly _made: boolean,
  ) {}
}
