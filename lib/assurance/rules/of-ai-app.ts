import { AiWorkload } from './ai-workload';
import type { Judgement } from './judgement';
import type { Subject } from './subject';

type Said = Judgement | readonly Judgement[] | undefined;

/** Puts a question to a resource of an app with an AI workload; other apps are none of the pack's business. */
export function ofAiApp(judge: (subject: Subject) => Said): (subject: Subject) => Said {
  return (subject) => (AiWorkload.of(subject.app).isAnywhere ? judge(subject) : undefined);
}
