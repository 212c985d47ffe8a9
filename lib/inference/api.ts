import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import type { INetworkSegment } from '../network/api';
import type { DataClass } from '../posture';

/** What kind of thing answers. */
export enum InferenceTargetKind {
  /** A real-time or serverless endpoint of SageMaker. */
  SAGEMAKER_ENDPOINT = 'SAGEMAKER_ENDPOINT',
  /** A model that Bedrock serves. */
  BEDROCK_MODEL = 'BEDROCK_MODEL',
  /** An agent of Bedrock. */
  BEDROCK_AGENT = 'BEDROCK_AGENT',
}

/** What one request costs, in US dollars: quotas and the ledger of costs calculate with it. */
export interface RequestCost {
  /**
   * For each request.
   *
   * @default 0
   */
  readonly perRequest?: number;
  /**
   * For a thousand tokens of the request.
   *
   * @default - the target is not paid by token
   */
  readonly perThousandInputTokens?: number;
  /**
   * For a thousand tokens of the answer.
   *
   * @default - the target is not paid by token
   */
  readonly perThousandOutputTokens?: number;
  /**
   * For each hour in which the target is there, asked or not.
   *
   * @default 0
   */
  readonly perHour?: number;
}

/** What a proxy may do to reach a target. */
export interface TargetInvocation {
  /** The name by which it is called. */
  readonly name: string;
  /** The ARNs on which calling it is authorised. */
  readonly resourceArns: string[];
  /** Whether the answer can be had in pieces, while it is made. */
  readonly streaming: boolean;
  /** Whether an answer says how many tokens it took. */
  readonly countsTokens: boolean;
  /** What a request costs. */
  readonly cost: RequestCost;
}

/** What a gateway can front. */
export interface IInferenceTarget extends IConstruct {
  /** What answers. */
  readonly targetKind: InferenceTargetKind;
  /** How it is called, for the proxy alone. */
  readonly invocation: TargetInvocation;
  /** What identifies the model in records: the digest of its artifacts, or the id of a model that a provider serves. */
  readonly modelDigest: string;
  /** How sensitive requests and answers are. */
  readonly dataClass: DataClass;
  /** Encrypts logs, settings and undelivered events of the proxy; its policy lets CloudWatch Logs use it. */
  readonly logKey: IKey;
  /** Where the proxy runs. */
  readonly segment: INetworkSegment;

  /** Requests that reached the target, as a sum over five minutes. */
  metricInvocations(): IMetric;
  /** Requests on which the target failed, as a sum over five minutes. */
  metricServerErrors(): IMetric;
  /** How long the model took, in microseconds: the 99th percentile over five minutes. */
  metricModelLatency(): IMetric;
}
