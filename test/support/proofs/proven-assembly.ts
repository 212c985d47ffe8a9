import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ProofsOptions } from 'cdk-secure-ai/testing';
import { Proofs } from 'cdk-secure-ai/testing';

interface Document {
  Statement?: unknown;
}

/** Proofs about the assembly of an app, and about what it would be without some of its protections. */
export class ProvenAssembly {
  /** All stacks of the app that a construct belongs to. */
  public static of(scope: IConstruct, options: ProofsOptions = {}): ProvenAssembly {
    const stage = Stage.of(scope);
    if (stage === undefined) throw new Error(`'${scope.node.path}' is in no app`);
    return new ProvenAssembly(stage.synth().directory, options);
  }

  public readonly proofs: Proofs;
  private readonly weaker = new Map<string, ProvenAssembly>();

  private constructor(private readonly directory: string, private readonly options: ProofsOptions) {
    this.proofs = Proofs.ofAssembly(directory, options);
  }

  /** The assembly without every statement of these ids. @throws when one of them is nowhere: its absence would show nothing */
  public without(sids: readonly string[]): ProvenAssembly {
    const key = [...sids].sort().join();
    const known = this.weaker.get(key);
    if (known !== undefined) return known;
    const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'weaker-'));
    fs.cpSync(this.directory, copy, { recursive: true, filter: (source) => !/[/\\]asset\./.test(source) });
    const removed = new Set<string>();
    for (const name of fs.readdirSync(copy).filter((one) => one.endsWith('.template.json'))) {
      const file = path.join(copy, name);
      const template: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
      strip(template, sids, removed);
      fs.writeFileSync(file, JSON.stringify(template));
    }
    const missing = sids.filter((sid) => !removed.has(sid));
    if (missing.length > 0) throw new Error(`no statement has the id ${missing.join(', ')}`);
    const weaker = new ProvenAssembly(copy, this.options);
    this.weaker.set(key, weaker);
    return weaker;
  }
}

function strip(value: unknown, sids: readonly string[], removed: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const document = value as Document & Record<string, unknown>;
  if (Array.isArray(document.Statement)) {
    document.Statement = (document.Statement as { Sid?: string }[]).filter(({ Sid = '' }) => {
      if (!sids.includes(Sid)) return true;
      removed.add(Sid);
      return false;
    });
  }
  for (const one of Object.values(document)) strip(one, sids, removed);
}
