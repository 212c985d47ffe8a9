import type { Rule } from '../rule';
import { aiDetections } from './ai-detections';
import { aiLogGroup } from './ai-log-group';
import { alarmTells } from './alarm-tells';
import { jobMachineKey, jobMachineNoData } from './job-machine';
import { rollbackTells } from './rollback-tells';
import { stateMachineNoPrompts } from './state-machine-no-prompts';
import { stepMachineKey, stepMachineNoData } from './step-machine';
import { trailSeesAi } from './trail-sees-ai';
import { trailSeesData } from './trail-sees-data';

/** Rules about trails, logs and detections of AI workloads. */
export const OBSERVABILITY_RULES: readonly Rule[] = [
  stateMachineNoPrompts,
  trailSeesAi,
  aiDetections,
  aiLogGroup,
  alarmTells,
  trailSeesData,
  jobMachineNoData,
  jobMachineKey,
  stepMachineNoData,
  stepMachineKey,
  rollbackTells,
];
