import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import {
  DescribeHyperParameterTuningJobCommand, DescribeModelCommand, DescribeProcessingJobCommand, DescribeTrainingJobCommand,
  DescribeTransformJobCommand, ListTagsCommand, StopHyperParameterTuningJobCommand, StopProcessingJobCommand, StopTrainingJobCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import type { Job, JobDefinition, JobReference } from './job';
import { processingDefinition, trainingDefinition, transformDefinition, tuningDefinitions } from './job-shapes';
import { SweepError } from './sweep-error';
import type { JobControl } from './sweep-job';

interface Described {
  readonly arn: string | undefined;
  readonly status: string | undefined;
  readonly created: Date | undefined;
  readonly definitions: readonly JobDefinition[];
}

/** States in which nothing runs any more. A deletion is only possible after the end. */
const ENDED = new Set(['Completed', 'Failed', 'Stopped', 'Deleting', 'DeleteFailed']);

/** The jobs of the account and region. */
export class SageMakerJobs implements JobControl {
  constructor(private readonly sagemaker: SageMakerClient) {}

  public async describe(reference: JobReference): Promise<Job> {
    const { kind, name } = reference;
    try {
      const { arn, status, created, definitions } = await this.described(reference);
      if (!arn || !created) throw new Error('the answer has no ARN or no time of creation');
      const state = ENDED.has(status ?? '') ? 'ended' : status === 'Stopping' ? 'stopping' : 'running';
      return { kind, name, arn, createdAt: created.getTime(), state, definitions, tags: await this.tagsOf(arn) };
    } catch (cause) {
      throw new SweepError('JOB_NOT_READABLE', `the ${kind} job ${name} could not be described: ${nameOf(cause)}`, { cause });
    }
  }

  public async stop({ kind, name }: JobReference): Promise<void> {
    switch (kind) {
      case 'training':
        return void (await this.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name })));
      case 'processing':
        return void (await this.sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: name })));
      case 'transform':
        return void (await this.sagemaker.send(new StopTransformJobCommand({ TransformJobName: name })));
      case 'tuning':
        return void (await this.sagemaker.send(new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name })));
    }
  }

  private async described({ kind, name }: JobReference): Promise<Described> {
    switch (kind) {
      case 'training': {
        const job = await this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
        const definitions = [trainingDefinition(job)];
        return { arn: job.TrainingJobArn, status: job.TrainingJobStatus, created: job.CreationTime, definitions };
      }
      case 'processing': {
        const job = await this.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }));
        const definitions = [processingDefinition(job)];
        return { arn: job.ProcessingJobArn, status: job.ProcessingJobStatus, created: job.CreationTime, definitions };
      }
      case 'transform': {
        const job = await this.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
        const model = await this.sagemaker.send(new DescribeModelCommand({ ModelName: job.ModelName }));
        const definitions = [transformDefinition(job, model)];
        return { arn: job.TransformJobArn, status: job.TransformJobStatus, created: job.CreationTime, definitions };
      }
      case 'tuning': {
        const job = await this.sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name }));
        const definitions = tuningDefinitions(job);
        return { arn: job.HyperParameterTuningJobArn, status: job.HyperParameterTuningJobStatus, created: job.CreationTime, definitions };
      }
    }
  }

  private async tagsOf(arn: string): Promise<Map<string, string>> {
    const tags = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const page = await this.sagemaker.send(new ListTagsCommand({ ResourceArn: arn, ...(NextToken ? { NextToken } : {}) }));
      for (const { Key, Value } of page.Tags ?? []) tags.set(Key ?? '', Value ?? '');
      NextToken = page.NextToken;
    } while (NextToken);
    return tags;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
