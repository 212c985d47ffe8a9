import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack, type CfnResource } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { IApplyRule, NagPack } from 'cdk-nag';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { Mutant } from './mutants';

type Resources = Record<string, unknown>;

interface AskedPack {
  applyRule: (params: IApplyRule) => void;
  checkResource: (node: CfnResource) => void;
}

/** The mutants of one template on which a rule of cdk-nag has a finding that the template itself does not have, with that rule. */
export function nagKillsOf(template: Record<string, unknown>, mutants: readonly Mutant[]): Map<Mutant, string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mutants-'));
  try {
    const app = new App({ outdir: directory });
    const judge = judgeOf(app, directory);
    const before = new Map<string, Set<string>>();
    const kills = new Map<Mutant, string>();
    for (const mutant of mutants) {
      const { logicalId } = mutant;
      if (!before.has(logicalId)) before.set(logicalId, judge(template, logicalId));
      const fresh = [...judge(mutant.template, logicalId)].find((finding) => !before.get(logicalId)?.has(finding));
      if (fresh !== undefined) kills.set(mutant, fresh.replace(/\[.*/s, ''));
    }
    return kills;
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Puts the rules of the packs to one resource of an included template; the resource stands there with what it refers to. */
function judgeOf(app: App, directory: string): (template: Record<string, unknown>, logicalId: string) => Set<string> {
  let found = new Set<string>();
  const packs: NagPack[] = [new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks(), new ServerlessChecks()];
  for (const pack of packs) {
    (pack as unknown as AskedPack).applyRule = ({ rule, ruleSuffixOverride, node }) => {
      const result = rule(node);
      const name = `${pack.readPackName}-${ruleSuffixOverride ?? rule.name}`;
      if (Array.isArray(result)) result.forEach((finding) => found.add(`${name}[${finding}]`));
      else if (result === 'Non-Compliant') found.add(name);
    };
  }
  let count = 0;
  return (template, logicalId) => {
    const templateFile = path.join(directory, `${count}.json`);
    const kept = closureOf(template.Resources as Resources, logicalId);
    fs.writeFileSync(templateFile, JSON.stringify({ ...template, Rules: undefined, Outputs: undefined, Resources: kept }));
    const included = new CfnInclude(new Stack(app, `M${count++}`), 'Included', { templateFile });
    found = new Set();
    for (const pack of packs) (pack as unknown as AskedPack).checkResource(included.getResource(logicalId));
    return found;
  };
}

/** A resource and all that it refers to. */
function closureOf(resources: Resources, logicalId: string): Resources {
  const kept = new Set<string>();
  const keep = (id: string): void => {
    if (kept.has(id)) return;
    kept.add(id);
    const text = JSON.stringify(resources[id]);
    for (const name of text.match(/[A-Za-z0-9]+/g) ?? []) if (Object.hasOwn(resources, name)) keep(name);
  };
  keep(logicalId);
  return Object.fromEntries([...kept].map((id) => [id, resources[id]]));
}
