import type { IConstruct } from 'constructs';
import type { JobSettings } from './launch.contract';
import type { TrainingJobOptions } from './training-job';

/** Highest values that SageMaker takes. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html */
const MOST_GIB = 16384;

/**
 * The limits of a job, checked.
 *
 * @throws when a name, a dataset or a limit is one that SageMaker or the posture refuses
 */
export function jobBounds(
  scope: IConstruct,
  name: string,
  options: TrainingJobOptions,
  postureSeconds: number,
): Pick<JobSettings, 'maxInstances' | 'maxVolumeGib' | 'maxRuntimeSeconds'> {
  const { datasets, repositories, instanceTypes, maxInstances = 1 } = options;
  const maxVolumeGib = options.maxVolume?.toGibibytes() ?? 100;
  const maxRuntimeSeconds = options.maxRuntime === undefined ? postureSeconds : options.maxRuntime.toMinutes() * 60;
  const refusals: [boolean, string][] = [
    [!/^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){1,19}$/.test(name), "its name must be 2 to 20 of a-z, 0-9 and single '-', with a letter or digit at both ends"],
    [Object.keys(datasets).length === 0, 'datasets is empty, and SageMaker starts no job without data: name one'],
    [Object.keys(datasets).length > 20, `datasets has ${Object.keys(datasets).length} channels, and SageMaker takes 20`],
    [repositories.length === 0, 'repositories is empty, so that no image could be named: give the repositories of its images'],
    [instanceTypes?.length === 0, 'instanceTypes is empty, so that no instance could be named: give at least one'],
    [!Number.isSafeInteger(maxInstances) || maxInstances < 1, `maxInstances must be a whole number above zero, got ${maxInstances}`],
    [maxVolumeGib < 1 || maxVolumeGib > MOST_GIB, `maxVolume must be 1 to ${MOST_GIB} GiB, got ${maxVolumeGib}`],
    [maxRuntimeSeconds < 60, `maxRuntime must be at least a minute, got ${maxRuntimeSeconds} seconds`],
    [
      maxRuntimeSeconds > postureSeconds,
      `maxRuntime of ${maxRuntimeSeconds} seconds is longer than the posture's ${postureSeconds}: shorten it, or set training.maxRuntime of the posture`,
    ],
    ...Object.entries(datasets).map(([channel, { prefix }]): [boolean, string] => [
      !/^[A-Za-z0-9._-]{1,64}$/.test(channel) || !/^[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/=-]*$/.test(prefix) || prefix.endsWith('/') || prefix.includes('//'),
      `the dataset '${channel}' needs a channel name of letters, digits, '.', '_' and '-', and a prefix without '*' and without '/' at its ends, got '${prefix}'`,
    ]),
  ];
  for (const [refused, message] of refusals) if (refused) throw new Error(`'${scope.node.path}': job '${name}': ${message}`);
  return { maxInstances, maxVolumeGib, maxRuntimeSeconds };
}
