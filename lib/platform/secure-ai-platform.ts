import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ILogArchive } from '../audit';
import { CaptureStore, DataCapture, GatewayExposure, InferenceGateway, SecureInferenceEndpoint } from '../inference';
import type { IApprovedModel, IModelArtifactBucket } from '../models';
import { ApprovalGate, ApprovedModel, DeployCheck, ModelArtifactBucket, ModelPromoter, ModelRegistry, SigningKey } from '../models';
import { NetworkSegment } from '../network';
import { DataClass } from '../posture';
import { SecureTrainingEnv, TrainingGuard } from '../training';
import type { PlatformEndpoint, PlatformGate, PlatformTraining, SecureAiPlatformProps } from './platform-props';
import { PlatformSite } from './platform-site';
import { admitServing, admitTraining, publishStore, storeSeenFrom } from './store-grants';

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
  /** What moves clean models to where they are served from. */
  public readonly promoter: ModelPromoter;
  /** Signs models. */
  public readonly signingKey: SigningKey;

  private readonly home: PlatformSite;
  private readonly serving: PlatformSite;
  private readonly models: Construct;
  private readonly trainingEnv?: SecureTrainingEnv;
  private served?: IModelArtifactBucket;
  private check?: DeployCheck;
  private captures?: CaptureStore;
  private front?: InferenceGateway;

  constructor(scope: Construct, id: string, private readonly props: SecureAiPlatformProps = {}) {
    super(scope, id);
    const { training, serving } = props;
    const isApart = training?.account !== undefined || serving?.account !== undefined;

    // Who did what, for every account.
    this.home = new PlatformSite(this, props, isApart ? 'Registry' : undefined);
    this.serving = serving?.account ? new PlatformSite(this, serving.account, 'Production') : this.home;
    this.archive = this.home.archive;

    // Models: uploads wait for their scan, the promoter moves what is clean, a key signs.
    this.models = this.home.place('Models');
    this.store = new ModelArtifactBucket(this.models, 'Store', { accessLogs: this.archive.accessLogs, ...props.models });
    this.promoter = new ModelPromoter(this.models, 'Promoter', { store: this.store, segment: this.home.segment });
    this.signingKey = new SigningKey(this.models, 'Signing');
    if (isApart) publishStore(this.store);

    // Training writes to quarantine, and nowhere else.
    if (training) this.trainingEnv = this.train(training);
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
    if (this.front) return this.front;
    throw new Error(`'${this.node.path}' serves nothing: add an endpoint first`);
  }

  /** Lets models of a group be approved: by a policy, then by a person. From then on endpoints of the same account are checked by it. */
  public addGate(props: PlatformGate): ApprovalGate {
    const { groupName, ...judged } = props;
    const registry = new ModelRegistry(this.models, 'Registry', { groupName });
    const gate = new ApprovalGate(this.models, 'Gate', { ...judged, registry, store: this.store, segment: this.home.segment });
    this.check = new DeployCheck(this.models, 'DeployCheck', { store: this.store, gate, segment: this.home.segment });
    return gate;
  }

  /**
   * Serves a model at `POST /infer/<name>` of the gateway.
   *
   * @throws when nothing says that the model is approved: neither a gate in the same account, nor a reason to go without
   */
  public addEndpoint(name: string, props: PlatformEndpoint): SecureInferenceEndpoint {
    const { prefix: _, unproven: __, input, maxRequestBytes, concurrency, capture, ...endpoint } = props;
    const { segment } = this.serving;
    const place = this.serving.place(`Endpoint-${name}`);
    const model = this.modelOf(place, name, props);
    const sampled = capture ?? this.sample(props.dataClass);
    const target = new SecureInferenceEndpoint(place, 'Endpoint', {
      ...endpoint, model, segment, ...(sampled ? { capture: sampled } : {}),
    });
    if (this.serving !== this.home) admitServing(this.store, Stack.of(target).account, target.role);
    this.front ??= this.newGateway();
    this.front.addRoute(name, {
      target, input, ...(maxRequestBytes === undefined ? {} : { maxRequestBytes }), ...(concurrency === undefined ? {} : { concurrency }),
    });
    return target;
  }

  private modelOf(place: Construct, name: string, { prefix, unproven }: PlatformEndpoint): IApprovedModel {
    const store = this.servedStore();
    if (unproven) return ApprovedModel.withoutProof(place, 'Model', { store, prefix, because: unproven });
    if (this.check && this.serving === this.home) return new ApprovedModel(place, 'Model', { check: this.check, prefix });
    const missing = this.serving === this.home ? 'add a gate first' : 'its gate is in another account';
    throw new Error(`'${this.node.path}' has nothing that says endpoint '${name}' serves an approved model: ${missing}, or give unproven with the reason`);
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

  private newGateway(): InferenceGateway {
    const { account: _, exposure, ...settings } = this.props.serving ?? {};
    const { segment } = this.serving;
    if (!exposure) segment.require({ services: ['execute-api'] });
    return new InferenceGateway(this.serving.place('Gateway'), 'Gateway', {
      ...settings, segment, exposure: exposure ?? GatewayExposure.privateTo(segment.vpcEndpointIds('execute-api')),
    });
  }

  private sample(dataClass: DataClass | undefined): DataCapture | undefined {
    if (dataClass === DataClass.RESTRICTED) return undefined;
    this.captures ??= new CaptureStore(this.serving.place('Captures'), 'Captures', { accessLogs: this.serving.archive.accessLogs });
    return DataCapture.sample(20, this.captures);
  }

  /** The store as the account that serves sees it. */
  private servedStore(): IModelArtifactBucket {
    if (this.serving === this.home) return this.store;
    if (this.served) return this.served;
    const there = Stack.of(this.serving.segment);
    this.store.grantReadToAccount(there.account);
    this.served = storeSeenFrom(there, this.store, this.props);
    return this.served;
  }
}
