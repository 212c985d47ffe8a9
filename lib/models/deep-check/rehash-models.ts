import { detectionFinding } from '../../core/finding';
import type { FindingSink } from '../../core/finding-sink';
import type { ServedFile } from '../deploy-check/check-objects';
import { DeployCheckError } from '../deploy-check/deploy-check-error';
import { readLaterSignature } from '../deploy-check/later-signature';
import { findModel } from '../deploy-check/served-model';
import type { ListedVersion, ServedObjects } from '../deploy-check/served-objects';

/** Where a check goes on, and what it found so far. */
export interface DeepCheckCursor {
  /** Position in the list of models, and of the next file in its manifest. */
  readonly model: number;
  readonly file: number;
  /** Files that were read in all runs of this check. */
  readonly files: number;
  /** `CHANGED` once any model is not what it was. */
  readonly state: 'GOOD' | 'CHANGED';
  /** `CONTINUE` as long as something is left to read. */
  readonly next: 'CONTINUE' | 'GOOD' | 'CHANGED';
}

/** Where a check begins. */
export const START: DeepCheckCursor = { model: 0, file: 0, files: 0, state: 'GOOD', next: 'CONTINUE' };

/** What a deep check takes from outside. */
export interface DeepCheckPorts {
  readonly objects: ServedObjects;
  /** SHA-256 of all bytes, in hexadecimal, with their number; undefined when the time was over before. */
  readonly hash: (version: ListedVersion) => Promise<{ readonly sha256: string; readonly size: number } | undefined>;
  /** Whether another file may be begun. */
  readonly hasTime: () => boolean;
  readonly findings: FindingSink;
  readonly now: () => number;
  /** What stands before a prefix in the name of a model in findings. */
  readonly modelArnPrefix: string;
}

/**
 * Reads every byte of the models again and compares it with their manifests, as far as the time of one run goes.
 *
 * A change raises a finding at once and does not end the check: the other models are looked at as well. A single file that does not fit
 * into one run is a finding too, since nobody would know about it otherwise.
 *
 * @throws DeployCheckError NOT_READABLE - a check that cannot look says nothing; FindingError NOT_DELIVERED
 */
export async function rehashModels(prefixes: readonly string[], from: DeepCheckCursor, ports: DeepCheckPorts): Promise<DeepCheckCursor> {
  let { model, file, files, state } = from;
  let begun = 0;
  for (; model < prefixes.length; model += 1, file = 0) {
    const prefix = prefixes[model];
    const tell = async (code: string) => {
      state = 'CHANGED';
      await ports.findings.raise(changeFinding(code, prefix, ports));
    };
    const found = await filesOf(prefix, ports.objects);
    if (typeof found === 'string') {
      await tell(found);
      continue;
    }
    for (; file < found.length; file += 1) {
      // The first file is begun in any case: each run gets further.
      if (begun > 0 && !ports.hasTime()) return { model, file, files, state, next: 'CONTINUE' };
      const { sha256, version } = found[file];
      const hashed = await ports.hash(version);
      if (!hashed && begun > 0) return { model, file, files, state, next: 'CONTINUE' };
      begun += 1;
      files += 1;
      if (!hashed) await tell('FILE_TOO_LARGE');
      else if (hashed.sha256 !== sha256 || hashed.size !== version.size) await tell('BYTES_CHANGED');
    }
  }
  return { model, file, files, state, next: state };
}

/** The files of a model, or the code of why they are not what its manifest says. @throws DeployCheckError NOT_READABLE */
async function filesOf(prefix: string, objects: ServedObjects): Promise<readonly ServedFile[] | string> {
  try {
    const model = await findModel(prefix, objects);
    await readLaterSignature(model, objects);
    return model.files;
  } catch (error) {
    if (!(error instanceof DeployCheckError) || error.code === 'NOT_READABLE') throw error;
    return error.code;
  }
}

function changeFinding(code: string, prefix: string, { now, modelArnPrefix }: DeepCheckPorts): ReturnType<typeof detectionFinding> {
  return detectionFinding({
    detector: 'models.deep-check',
    title: 'A served model is not what was approved',
    level: 'critical',
    // The prefix is named by its content and never used again, so that the time tells nothing more.
    resource: { arn: `${modelArnPrefix}${prefix.slice(0, -1)}`, type: 'AWS::S3::Object', createdAt: 0 },
    reasons: [code],
    outcome: 'observed',
    time: now(),
    runbook: 'a-served-model-that-changed',
  });
}
