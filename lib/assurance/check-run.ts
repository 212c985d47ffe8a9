import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CfnResource, CloudFormationValidatePlugin, Stack, type App, type IPolicyValidationContext, type Stage } from 'aws-cdk-lib';
import { VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';
import { CloudFormationValidation, type JudgedStack } from './api';
import { CHECKS_FILE, CHECKS_SCHEMA_VERSION, totalsOf, type ChecksFile } from './checks-file';
import type { CompliancePack } from './compliance-pack';
import type { PackRecorder, PackRecorderListener } from './pack-recorder';
import { packsFor, profileOf } from './profile-packs';
import { compareText } from './text-order';

/** Where the CDK keeps what this file needs to know about its own validation; internal there, so each may be missing. */
interface AppInternals {
  readonly _builtinCloudFormationValidation?: boolean;
  readonly _validationPlugins?: readonly unknown[];
}

/** What the packs of one app have in common: whom they judge, and the file that they leave. */
export class CheckRun implements PackRecorderListener {
  private readonly recorders: PackRecorder[] = [];
  private readonly ended = new Set<PackRecorder>();

  constructor(
    private readonly app: App,
    private readonly scope: Stage,
    private readonly explicit: ReadonlySet<string> | undefined,
    private readonly own: ReadonlySet<string>,
    private readonly versions: ChecksFile['versions'],
  ) {}

  public add(recorder: PackRecorder): void {
    this.recorders.push(recorder);
  }

  /**
   * Removes what an earlier synthesis left in the output directory: if this one does not get as far as the packs, nothing must look as
   * if it did.
   */
  public forgetEarlierRun(): void {
    for (const file of [CHECKS_FILE, VALIDATION_REPORT_FILE]) fs.rmSync(path.join(this.app.outdir, file), { force: true });
  }

  public isAskedFor(pack: string, resource: CfnResource): boolean {
    return resource.node.scopes.includes(this.scope) && this.asks(Stack.of(resource), pack);
  }

  public packEnds(recorder: PackRecorder, context: IPolicyValidationContext): void {
    this.ended.add(recorder);
    if (this.ended.size < this.recorders.length) return;
    // The app may be synthesised once more.
    this.ended.clear();
    this.write(context);
  }

  private asks(stack: Stack, pack: string): boolean {
    if (this.own.has(pack)) return true;
    return this.explicit ? this.explicit.has(pack) : packsFor(profileOf(stack)).includes(pack as CompliancePack);
  }

  private write(context: IPolicyValidationContext): void {
    const stacks = this.stacks(context);
    const packs = this.recorders
      .filter((recorder) => stacks.some((stack) => stack.packs.includes(recorder.name)))
      .map((recorder) => {
        const profiles = new Set(stacks.filter((s) => s.packs.includes(recorder.name)).flatMap((s) => s.profiles));
        return recorder.record([...profiles]);
      })
      .sort((a, b) => compareText(a.name, b.name));
    const content: ChecksFile = {
      schemaVersion: CHECKS_SCHEMA_VERSION,
      versions: this.versions,
      scope: this.scope.node.path,
      selection: this.explicit ? 'EXPLICIT' : 'PROFILE',
      stacks,
      packs,
      cloudFormationValidation: { mode: this.cloudFormationValidation(), report: VALIDATION_REPORT_FILE },
      totals: totalsOf(stacks, packs),
    };
    fs.writeFileSync(path.join(this.app.outdir, CHECKS_FILE), JSON.stringify(content, undefined, 2) + '\n');
  }

  private stacks(context: IPolicyValidationContext): JudgedStack[] {
    const resources = new Map<string, CfnResource[]>();
    const roots = new Map<string, Stack>();
    for (const node of context.appConstruct.node.findAll()) {
      if (Stack.isStack(node)) roots.set(node.node.path, node);
      if (CfnResource.isCfnResource(node)) {
        const deployed = deployedStackOf(node).node.path;
        const own = resources.get(deployed);
        if (own) own.push(node);
        else resources.set(deployed, [node]);
      }
    }
    return context.stackTemplates
      .map(({ stackConstructPath: stackPath, templatePath }) => {
        const own = resources.get(stackPath) ?? [];
        const root = roots.get(stackPath);
        const inner = new Set([...(root ? [root] : []), ...own.map((resource) => Stack.of(resource))]);
        return {
          path: stackPath,
          profiles: [...new Set([...inner].map((stack) => profileOf(stack)))].sort(compareText),
          packs: this.judgesOf(stackPath, own.length === 0 ? root : undefined),
          resources: own.length,
          template: path.relative(this.app.outdir, templatePath).split(path.sep).join('/'),
          sha256: createHash('sha256').update(fs.readFileSync(templatePath)).digest('hex'),
        };
      })
      .sort((a, b) => compareText(a.path, b.path));
  }

  /** The packs that were shown a resource of a stack; for an empty stack, those that would have been. */
  private judgesOf(stackPath: string, empty: Stack | undefined): string[] {
    return this.recorders
      .filter((recorder) =>
        empty ? this.asks(empty, recorder.name) : recorder.stacks.some((stack) => deployedStackOf(stack).node.path === stackPath),
      )
      .map((recorder) => recorder.name)
      .sort(compareText);
  }

  private cloudFormationValidation(): CloudFormationValidation {
    const { _builtinCloudFormationValidation: builtIn, _validationPlugins: plugins } = this.app as unknown as AppInternals;
    if (plugins?.some((plugin) => plugin instanceof CloudFormationValidatePlugin)) return CloudFormationValidation.REGISTERED;
    if (process.env.CDK_VALIDATION === 'false') return CloudFormationValidation.OFF;
    if (builtIn === undefined || plugins === undefined) return CloudFormationValidation.UNKNOWN;
    return builtIn ? CloudFormationValidation.BUILT_IN : CloudFormationValidation.OFF;
  }
}

/** The stack that has a template of its own in the manifest: nested stacks are deployed, and judged, with their parent. */
function deployedStackOf(construct: IConstruct): Stack {
  let stack = Stack.of(construct);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}
