import type { Resource, TemplateModel } from '../template';
import type { PostureRecords } from '../template-source/posture-records';
import type { AttackSpec, Subject } from './attack-spec';

/** Which resources an attack is not asked about, since the posture of their own stack leaves the protection out. */
export class PostureScope {
  constructor(
    private readonly model: TemplateModel,
    private readonly records: PostureRecords,
  ) {}

  /** Why an attack is not asked about a resource; undefined when it is. */
  leavesOut({ notAskedWhen = {} }: AttackSpec, resource: Resource): string | undefined {
    const root = this.rootOf(resource.stack.id);
    const record = this.records.get(root) ?? {};
    const says = (name: string, value: string): boolean => Object.hasOwn(record, name) && String(record[name]) === value;
    const field = Object.entries(notAskedWhen).find(([name, value]) => says(name, value));
    return field && `the posture of ${root} leaves the protection out (${field.join(': ')})`;
  }

  /** A nested stack is held to what the stack around it is held to. */
  private rootOf(stackId: string): string {
    const parents = new Map(this.model.stacks.map(({ id, parent }) => [id, parent?.stack]));
    let id = stackId;
    for (let parent = parents.get(id); parent !== undefined; parent = parents.get(id)) {
      parents.delete(id);
      id = parent;
    }
    return id;
  }
}

/** What is attacked has the say, and callers where nothing else is: a role of a weaker stack is no less of a threat to others' data. */
export function isJudgedByPosture(spec: AttackSpec, subject: Subject): boolean {
  return 'resources' in subject || !Object.values(spec.subjects).some((one) => 'resources' in one);
}
