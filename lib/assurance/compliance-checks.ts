import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Validations, type IPolicyValidationPlugin, type Stage } from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import type { SecurityProfile } from '../posture/security-profile';
import { CheckRun } from './check-run';
import { CompliancePack } from './compliance-pack';
import { PackRecorder } from './pack-recorder';
import { packsFor } from './profile-packs';

/** What is judged, and by whom. */
export interface ComplianceChecksProps {
  /**
   * The packs that judge every stack, whatever its profile.
   *
   * @default - each stack is judged by the packs that its security profile asks for
   */
  readonly packs?: CompliancePack[];

  /**
   * Packs of your own: objects of classes that extend cdk-nag's `NagPack`. They judge every stack and are recorded like the others.
   *
   * @default - none
   */
  readonly ownPacks?: IPolicyValidationPlugin[];

  /**
   * Whether the report explains each finding at length.
   *
   * @default false
   */
  readonly verbose?: boolean;
}

/**
 * Runs public rule packs over an app at synthesis, and records in `checks.json` of the cloud assembly that they ran.
 *
 * An error that is not acknowledged makes synthesis fail. The file is written then too.
 */
export class ComplianceChecks {
  /**
   * Adds the packs to an app, or to one stage of it. Once per app.
   *
   * @throws when the app has its packs already, or the stage is not part of an `App` (nothing would run the packs there).
   */
  public static addTo(scope: Stage, props: ComplianceChecksProps = {}): ComplianceChecks {
    const app = scope.node.root;
    if (!App.isApp(app)) {
      throw new Error(
        `compliance checks need an App at the root, "${scope.node.path}" has none: the CDK runs no validation plugin without one`,
      );
    }
    if (Object.hasOwn(app, ADDED)) {
      throw new Error('compliance checks were added to this app before: add them once, to the app, and let the profiles pick the packs');
    }
    const checks = new ComplianceChecks(app, scope, props);
    Object.defineProperty(app, ADDED, { value: true });
    return checks;
  }

  /** The packs that a security profile asks for. */
  public static packsFor(profile: SecurityProfile): CompliancePack[] {
    return packsFor(profile);
  }

  private constructor(app: App, scope: Stage, props: ComplianceChecksProps) {
    const packs = selectedPacks(props.packs);
    const ownPacks = (props.ownPacks ?? []).map(nagPackOf);
    const clash = ownPacks.find(
      (pack, i) => isPublicPack(pack.readPackName) || ownPacks.findIndex((p) => p.readPackName === pack.readPackName) < i,
    );
    if (clash) throw new Error(`pack name "${clash.readPackName}" is taken: give your own pack a name of its own`);

    const nag = loadCdkNag();
    const classes = {
      [CompliancePack.AWS_SOLUTIONS]: nag.AwsSolutionsChecks,
      [CompliancePack.SERVERLESS]: nag.ServerlessChecks,
      [CompliancePack.HIPAA_SECURITY]: nag.HIPAASecurityChecks,
      [CompliancePack.NIST_800_53_R4]: nag.NIST80053R4Checks,
      [CompliancePack.NIST_800_53_R5]: nag.NIST80053R5Checks,
      [CompliancePack.PCI_DSS_321]: nag.PCIDSS321Checks,
    };
    const versions = {
      library: versionIn(path.join(__dirname, '..', '..', 'package.json')),
      cdkNag: versionIn(require.resolve('cdk-nag/package.json')),
      awsCdkLib: versionIn(require.resolve('aws-cdk-lib/package.json')),
    };
    const own = new Set(ownPacks.map((pack) => pack.readPackName));
    const run = new CheckRun(app, scope, props.packs && new Set<string>(packs), own, versions);
    for (const name of packs)
      run.add(new PackRecorder(register(new classes[name](scope, { verbose: props.verbose })), versions.cdkNag, run));
    for (const pack of ownPacks) run.add(new PackRecorder(register(pack), pack.version, run));
    run.forgetEarlierRun();

    function register<T extends NagPack>(pack: T): T {
      Validations.of(scope).addPlugins(pack);
      return pack;
    }
  }
}

// A registered symbol: two copies of the library in one app see each other.
const ADDED = Symbol.for('cdk-secure-ai.ComplianceChecks');

function selectedPacks(packs: CompliancePack[] | undefined): CompliancePack[] {
  // By profile, any pack may be needed: postures can be attached to stacks after this call.
  if (packs === undefined) return Object.values(CompliancePack);
  if (packs.length === 0) throw new Error('packs is empty: name at least one pack, or leave it out to go by the security profile');
  const unknown = packs.find((pack) => !isPublicPack(pack));
  if (unknown !== undefined)
    throw new Error(`pack "${String(unknown)}" is unknown: use one of ${Object.values(CompliancePack).join(', ')}`);
  return [...new Set(packs)];
}

function isPublicPack(name: string): name is CompliancePack {
  return (Object.values(CompliancePack) as string[]).includes(name);
}

function nagPackOf(plugin: IPolicyValidationPlugin): NagPack {
  // Not instanceof: a pack may come from another copy of cdk-nag.
  const { applyRule, checkResource, readPackName } = plugin as unknown as Record<string, unknown>;
  if (typeof applyRule !== 'function' || typeof checkResource !== 'function' || typeof readPackName !== 'string' || readPackName === '') {
    throw new Error(
      `own pack "${plugin.name}" does not extend cdk-nag's NagPack with a pack name: add it with Validations.of(app).addPlugins()`,
    );
  }
  return plugin as NagPack;
}

// On use only: loading cdk-nag costs more than the rest of the library together.
function loadCdkNag(): typeof import('cdk-nag') {
  return require('cdk-nag') as typeof import('cdk-nag');
}

function versionIn(packageFile: string): string {
  return (JSON.parse(fs.readFileSync(packageFile, 'utf8')) as { readonly version: string }).version;
}
