import type { Construct } from 'constructs';
import type { IApprovedModel, ModelArtifactBucketProps } from '../models';
import { ApprovalGate, ApprovedModel, DeployCheck, ModelArtifactBucket, ModelPromoter, ModelRegistry, ModelScanner, ModelSigner } from '../models';
import { keepExported } from './kept-exports';
import type { PlatformGate } from './platform-gate';
import type { PlatformSite } from './platform-site';

/** A check reads so many models a day at most; the next ones get another. */
const CHECKED_TOGETHER = 50;

interface ChainGate {
  readonly approves: ApprovalGate;
  readonly newCheck: (id: string) => DeployCheck;
}

/** The way of a model from its upload to approval, in the account that keeps models. */
export class ModelChain {
  public readonly store: ModelArtifactBucket;
  public readonly scanner: ModelScanner;
  public readonly promoter: ModelPromoter;
  public readonly signer: ModelSigner;

  private readonly place: Construct;
  private gate?: ChainGate;
  private readonly checks: { readonly check: DeployCheck; readonly prefixes: Set<string> }[] = [];
  private readonly unchecked: string[] = [];

  constructor(private readonly site: PlatformSite, props: ModelArtifactBucketProps = {}) {
    const { segment, archive } = site;
    const models = site.place('Models');
    // Verdicts, digests and decisions are no models: whoever judges a template by names would take them for some below `Models`.
    this.place = site.placeWith(models, 'Approval');
    this.store = new ModelArtifactBucket(models, 'Store', { accessLogs: archive.accessLogs, ...props });
    // The scanner comes before the promoter, which then moves nothing without a signed verdict, and has what it moved signed.
    this.scanner = new ModelScanner(this.place, 'Scanner', { store: this.store, segment });
    this.signer = new ModelSigner(this.place, 'Signer', { store: this.store, segment });
    this.promoter = new ModelPromoter(models, 'Promoter', { store: this.store, scanner: this.scanner, signer: this.signer, segment });
    const { quarantineBucket, quarantineKey, servedBucket, servedKey } = this.store;
    for (const bucket of [quarantineBucket, servedBucket]) keepExported(models, bucket, bucket.bucketName, bucket.bucketArn);
    for (const key of [quarantineKey, servedKey]) keepExported(models, key, key.keyArn);
  }

  /** @throws when there is a gate already */
  public addGate({ groupName, maxApprovalAge, ...judged }: PlatformGate): ApprovalGate {
    const { place, store, site: { segment } } = this;
    if (this.gate) throw new Error(`'${this.gate.approves.node.path}' is the gate already: a platform has one, make another platform for '${groupName}'`);
    const registry = new ModelRegistry(place, 'Registry', { groupName });
    const gate = new ApprovalGate(place, 'Gate', { ...judged, registry, store, segment });
    this.gate = {
      approves: gate,
      newCheck: (id) => new DeployCheck(place, id, { store, gate, segment, ...(maxApprovalAge ? { maxApprovalAge } : {}) }),
    };
    for (const prefix of this.unchecked) this.watch(prefix);
    return gate;
  }

  /** A model that the gate approved, as its deployment finds out, and that is read again once a day; undefined: there is no gate. */
  public approved(scope: Construct, prefix: string): IApprovedModel | undefined {
    return this.gate && new ApprovedModel(scope, 'Model', { check: this.checkOf(prefix, this.gate), prefix });
  }

  /** Has a model that is served without the gate's approval read again once a day, as soon as there is a gate. */
  public watch(prefix: string): void {
    if (this.gate) this.checkOf(prefix, this.gate)._watch(prefix);
    else this.unchecked.push(prefix);
  }

  private checkOf(prefix: string, { newCheck }: ChainGate): DeployCheck {
    const fits = this.checks.filter(({ prefixes }) => prefixes.size < CHECKED_TOGETHER);
    let one = this.checks.find(({ prefixes }) => prefixes.has(prefix)) ?? fits[0];
    if (!one) {
      one = { check: newCheck(`DeployCheck${this.checks.length > 0 ? this.checks.length + 1 : ''}`), prefixes: new Set() };
      this.checks.push(one);
      keepExported(this.place, one.check.function, one.check.function.functionArn);
    }
    one.prefixes.add(prefix);
    return one.check;
  }
}
