import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ILogArchive } from '../audit';
import type { InferenceGateway, SecureInferenceEndpoint } from '../inference';
import type { ApprovalGate, ModelArtifactBucket, ModelPromoter, ModelScanner, ModelSigner } from '../models';
import { NetworkSegment } from '../network';
import { SecureTrainingEnv, TrainingGuard } from '../training';
import { ModelChain } from './model-chain';
import type { PlatformEndpoint } from './platform-endpoint';
import type { PlatformGate } from './platform-gate';
import type { PlatformTraining, SecureAiPlatformProps } from './platform-props';
import { PlatformSite } from './platform-site';
import { ServingFront } from './serving-front';
import { admitTraining, publishStore, storeSeenFrom } from './store-grants';

/**
 * A platform for models: where they are kept, trained, approved and served, and what records who did what.
 *
 * Inside a stack it is all in that stack. In an app or stage it is a set of stacks, one for each part and one for each endpoint; accounts
 * that are named apart get a stage each, which refer to one another by names alone. Nothing is looked up.
 *
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/welcome.html
 */
export class SecureAiPlatform extends Construct {
  /** Where audit records go. */
  public readonly archive: ILogArchive;
  /** Where models are kept. */
  public readonly store: ModelArtifactBucket;
  /** What judges uploads, and signs its verdict. */
  public readonly scanner: ModelScanner;
  /** What moves clean models to where they are served from. */
  public readonly promoter: ModelPromoter;
  /** What signs served models: start it with `grantStart`. */
  public readonly signer: ModelSigner;

  private readonly home: PlatformSite;
  private readonly chain: ModelChain;
  private readonly front: ServingFront;
  private readonly trainingEnv?: SecureTrainingEnv;

  constructor(scope: Construct, id: string, private readonly props: SecureAiPlatformProps = {}) {
    super(scope, id);
    const { training, serving } = props;
    const isApart = training?.account !== undefined || serving?.account !== undefined;

    // Who did what, and the network, for every account.
    this.home = new PlatformSite(this, props, isApart ? 'Registry' : undefined);
    const servingSite = serving?.account ? new PlatformSite(this, serving.account, 'Production') : this.home;
    this.archive = this.home.archive;

    // Models: uploads wait for two scans, the promoter moves what a signed verdict calls clean, a key signs what is served.
    this.chain = new ModelChain(this.home, props.models);
    ({ store: this.store, scanner: this.scanner, promoter: this.promoter, signer: this.signer } = this.chain);
    if (isApart) publishStore(this.store);

    // Training writes to quarantine, and nowhere else.
    if (training) this.trainingEnv = this.train(training);

    // Endpoints load what the gate approved, behind one gateway.
    this.front = new ServingFront(servingSite, this.chain, servingSite !== this.home, props);
  }

  /**
   * Where models are trained: add its jobs, and let people launch them.
   *
   * @throws when the platform was made without `training`
   */
  public get training(): SecureTrainingEnv {
    if (this.trainingEnv) return this.trainingEnv;
    throw new Error(`'${this.node.path}' trains nothing: give training, if only an empty one`);
  }

  /**
   * The way to the models: add its consumers.
   *
   * @throws when there is no endpoint yet
   */
  public get gateway(): InferenceGateway {
    if (this.front.gateway) return this.front.gateway;
    throw new Error(`'${this.node.path}' serves nothing: add an endpoint first`);
  }

  /**
   * Lets models of a group be approved: by a policy, then by a person. From then on endpoints of the same account are checked by it, and
   * every byte of what is served is read again once a day.
   *
   * @throws when the platform has a gate already
   */
  public addGate(props: PlatformGate): ApprovalGate {
    return this.chain.addGate(props);
  }

  /**
   * Serves a model at `POST /infer/<name>` of the gateway.
   *
   * @throws when nothing says that the model is approved: neither a gate in the same account, nor a reason to go without
   */
  public addEndpoint(name: string, props: PlatformEndpoint): SecureInferenceEndpoint {
    return this.front.add(name, props);
  }

  private train({ account, network = {}, ...settings }: PlatformTraining): SecureTrainingEnv {
    const site = account ? new PlatformSite(this, account, 'Training') : this.home;
    const segment = account ? site.segment : new NetworkSegment(site.place('TrainingNetwork'), 'Segment', network);
    const place = site.place('Training');
    const artifacts = account ? storeSeenFrom(place, this.store, this.props) : this.store;
    const environment = new SecureTrainingEnv(place, 'Environment', { ...settings, segment, artifacts });
    TrainingGuard.managedPolicies(place, 'Guard');
    if (account) admitTraining(this.store, Stack.of(environment).account);
    return environment;
  }
}
