import * as fs from 'node:fs';
import type { CfnElement } from 'aws-cdk-lib';
import { Stack, Stage } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import type { AttackResult } from '../assurance/attacks/attack-result';
import { EVERY_ATTACK } from '../assurance/attacks/catalogue';
import type { AnyAttack } from '../assurance/attacks/network-attack';
import { parseAttacks } from '../assurance/attacks/parse-attacks';
import type { JudgedGroup } from '../assurance/attacks/proof-run';
import { judgesOf } from '../assurance/attacks/proof-run';
import type { RequestPattern } from '../assurance/prover';
import { describeCounterexample } from '../assurance/prover';
import type { TemplateInput } from '../assurance/template';
import type { PostureRecords } from '../assurance/template-source';
import { ConstructMetadata, postureRecords, readAssembly } from '../assurance/template-source';
import type { AttackProof } from './attack-proof';
import { AttackVerdict } from './attack-proof';
import type { RequestPatternProps } from './request-pattern';

/** What templates do not say about the organisation around them. */
export interface ProofsOptions {
  /** Id of the organisation (`o-…`). @default - the one that the policies name */
  readonly organizationId?: string;

  /** ARNs of who may change and delete things, with wildcards. @default - CloudFormation's role as the CDK names it */
  readonly operatorArns?: string[];

  /** Regions in which data may be. @default - the regions of the stacks */
  readonly allowedRegions?: string[];

  /** A file of own attacks (`docs/attacks.schema.json`). @default - the attacks of the library only */
  readonly attacksFile?: string;
}

/**
 * Proofs over the policies of synthesised templates, for tests: a claim is about every request there can be, not about examples.
 *
 * What does not hold throws an `Error` whose message holds a request that succeeds, so it works in any test runner.
 */
export class Proofs {
  /** Proofs about all stacks of a cloud assembly on disk, for example `cdk.out`. */
  public static ofAssembly(directory: string, options: ProofsOptions = {}): Proofs {
    return new Proofs(readAssembly(directory), postureRecords(ConstructMetadata.read(directory)), options);
  }

  /** Proofs about a stack, or about all stacks of an app or stage. It is synthesised first, if that has not happened. */
  public static of(scope: IConstruct, options: ProofsOptions = {}): Proofs {
    const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
    if (stage === undefined) throw new Error(`'${scope.node.path}' is in no app: proofs are about synthesised templates`);
    const { directory } = stage.synth();
    const inputs = readAssembly(directory);
    const names = Stack.isStack(scope) ? [scope.artifactId, scope.node.path] : undefined;
    const meant = inputs.filter(({ id = '' }) => names === undefined || names.some((name) => id === name || id.startsWith(`${name}/`)));
    return new Proofs(meant, postureRecords(ConstructMetadata.read(directory)), options);
  }

  /** Proofs about one template. Account and region stay open. */
  public static ofTemplate(template: Template, options: ProofsOptions = {}): Proofs {
    return new Proofs([{ stackName: 'template', template: template.toJSON() }], new Map(), options);
  }

  /** Ids of the attacks of the library. */
  public static attackIds(): string[] {
    return EVERY_ATTACK.map(({ id }) => id);
  }

  private readonly groups: readonly JudgedGroup[];
  private readonly specs: readonly AnyAttack[];
  private readonly proved = new Map<string, AttackProof[]>();

  private constructor(inputs: readonly TemplateInput[], postures: PostureRecords, options: ProofsOptions) {
    if (inputs.length === 0) throw new Error('there is no template to prove anything about');
    const { organizationId, operatorArns, allowedRegions, attacksFile } = options;
    this.groups = judgesOf(inputs, {
      postures,
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(operatorArns === undefined ? {} : { operators: operatorArns }),
      ...(allowedRegions === undefined ? {} : { regions: allowedRegions }),
    });
    const own = attacksFile === undefined ? [] : parseAttacks(fs.readFileSync(attacksFile, 'utf8')).attacks;
    this.specs = [...EVERY_ATTACK, ...own];
  }

  /**
   * No request of the pattern is allowed.
   *
   * @throws with a request that is, or with the reason why nothing could be shown
   */
  public expectNoRequest(request: RequestPatternProps): void {
    for (const { judge } of this.groups) judge.prover.expectNoRequest(patternOf(request));
  }

  /**
   * Some request of the pattern is allowed: the counterpart that keeps `expectNoRequest` from being empty.
   *
   * @returns one such request, as text
   * @throws when there is none
   */
  public expectSomeRequest(request: RequestPatternProps): string {
    const pattern = patternOf(request);
    for (const { judge } of this.groups) {
      const found = judge.prover.find(pattern);
      if (found !== undefined) return describeCounterexample(found);
    }
    return describeCounterexample(this.groups[0].judge.prover.expectSomeRequest(pattern));
  }

  /** The proofs about an attack, one for each account. @throws when there is no such attack */
  public attack(id: string): AttackProof[] {
    const known = this.proved.get(id);
    if (known !== undefined) return known;
    const spec = this.specs.find((one) => one.id === id);
    if (spec === undefined) throw new Error(`no attack has the id '${id}': there are ${this.specs.map((one) => one.id).join(', ')}`);
    const proofs = this.groups.map(({ account, judge }) => proofOf(judge.judge(spec), account));
    this.proved.set(id, proofs);
    return proofs;
  }

  /** The proofs about all attacks of the library, and of the user's file. */
  public attacks(): AttackProof[] {
    return this.specs.flatMap(({ id }) => this.attack(id));
  }

  /**
   * An attack is impossible, and legitimate use is not.
   *
   * @throws with a request that carries it out; also when nothing was shown, when the templates have nothing that the attack is about, and
   * when nobody could do the legitimate thing either: these are no proofs
   */
  public expectBlocked(id: string): void {
    const problems = this.attack(id)
      .filter(({ verdict }) => verdict !== AttackVerdict.PROVED)
      .map(({ account, verdict, reasons }) => `${verdict} for ${account}: ${reasons.join('; ') || 'legitimate use is not possible either'}`);
    if (problems.length > 0) throw new Error(`attack ${id} is not proved impossible\n  ${problems.join('\n  ')}`);
  }

  /** The ARN of a construct's resource as the proofs have it: names that CloudFormation makes are replaced by others of the same form. */
  public arnOf(construct: IConstruct): string {
    const id = logicalIdOf(construct);
    const stack = Stack.of(construct);
    for (const { judge } of this.groups) {
      for (const name of [stack.node.path, stack.artifactId, 'template']) {
        const arn = judge.prover.estate.arns.get(`${name}/${id}`);
        if (arn !== undefined) return arn;
      }
    }
    throw new Error(`'${construct.node.path}' has no ARN that is known here: give the ARN as text`);
  }

  /** The id under which a role or user is a caller. */
  public callerOf(construct: IConstruct): string {
    const arn = this.arnOf(construct);
    const caller = this.groups.flatMap(({ judge }) => judge.prover.estate.principals).find((one) => one.arn === arn);
    if (caller === undefined) throw new Error(`'${construct.node.path}' is no role or user of the templates`);
    return caller.id;
  }
}

function logicalIdOf(construct: IConstruct): string {
  const child = construct.node.defaultChild ?? construct;
  return String(Stack.of(construct).resolve((child as CfnElement).logicalId));
}

function patternOf({ actions, notActions, resources, notResources, where, callers, callerKinds }: RequestPatternProps): RequestPattern {
  return {
    action: actions,
    ...(notActions ? { notAction: notActions } : {}),
    ...(resources ? { resource: resources } : {}),
    ...(notResources ? { notResource: notResources } : {}),
    ...(where ? { where } : {}),
    principals: { ...(callers ? { ids: callers } : {}), ...(callerKinds ? { types: callerKinds } : {}) },
  };
}

function proofOf({ id, title, verdict, reasons, depth, controls }: AttackResult, account: string): AttackProof {
  return { attack: id, title, account, verdict: AttackVerdict[verdict], reasons: [...reasons], depth, controls: [...controls] };
}
