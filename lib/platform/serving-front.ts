import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CaptureStore, DataCapture, GatewayExposure, InferenceGateway, SecureInferenceEndpoint } from '../inference';
import type { IApprovedModel, IModelArtifactBucket } from '../models';
import { ApprovedModel } from '../models';
import { DataClass } from '../posture';
import type { ModelChain } from './model-chain';
import type { PlatformEndpoint } from './platform-endpoint';
import type { SecureAiPlatformProps } from './platform-props';
import type { PlatformSite } from './platform-site';
import { admitServing, storeSeenFrom } from './store-grants';

/** What answers requests, in the account that serves: endpoints behind one gateway, with a store for samples of what they are asked. */
export class ServingFront {
  private store?: IModelArtifactBucket;
  private captures?: CaptureStore;
  private front?: InferenceGateway;

  /** @param isApart whether models are kept in another account */
  constructor(
    private readonly site: PlatformSite,
    private readonly chain: ModelChain,
    private readonly isApart: boolean,
    private readonly props: SecureAiPlatformProps,
  ) {}

  /** The way to the models; undefined: there is none yet. */
  public get gateway(): InferenceGateway | undefined {
    return this.front;
  }

  /** @throws when nothing says that the model is approved: neither a gate in the same account, nor a reason to go without */
  public add(name: string, props: PlatformEndpoint): SecureInferenceEndpoint {
    const { segment } = this.site;
    const place = this.site.place(`Endpoint-${name}`);
    const model = this.modelOf(place, name, props);
    const capture = props.capture ?? this.sampleOf(props);
    const target = new SecureInferenceEndpoint(place, 'Endpoint', { ...props, model, segment, ...(capture ? { capture } : {}) });
    if (this.isApart) admitServing(this.chain.store, target);
    this.front ??= this.newGateway();
    this.front.addRoute(name, { ...props, target });
    return target;
  }

  private modelOf(place: Construct, name: string, { prefix, unproven }: PlatformEndpoint): IApprovedModel {
    if (unproven) {
      this.chain.watch(prefix);
      return ApprovedModel.withoutProof(place, 'Model', { store: this.servedStore(), prefix, because: unproven });
    }
    const approved = this.isApart ? undefined : this.chain.approved(place, prefix);
    if (approved) return approved;
    const missing = this.isApart ? 'its gate is in another account' : 'add a gate first';
    throw new Error(`nothing says that the endpoint '${name}' of '${place.node.path}' serves an approved model: ${missing}, or give unproven with the reason`);
  }

  private sampleOf({ dataClass, serverless }: PlatformEndpoint): DataCapture | undefined {
    if (dataClass === DataClass.RESTRICTED || serverless) return undefined;
    this.captures ??= new CaptureStore(this.site.place('Captures'), 'Captures', { accessLogs: this.site.archive.accessLogs });
    return DataCapture.sample(20, this.captures);
  }

  private newGateway(): InferenceGateway {
    const { account: _, exposure, ...settings } = this.props.serving ?? {};
    const { segment } = this.site;
    if (!exposure) segment.require({ services: ['execute-api'] });
    return new InferenceGateway(this.site.place('Gateway'), 'Gateway', {
      ...settings, segment, exposure: exposure ?? GatewayExposure.privateTo(segment.vpcEndpointIds('execute-api')),
    });
  }

  /** The store as the account that serves sees it. */
  private servedStore(): IModelArtifactBucket {
    const { store } = this.chain;
    if (!this.isApart) return store;
    if (this.store) return this.store;
    const there = Stack.of(this.site.segment);
    store.grantReadToAccount(there.account);
    this.store = storeSeenFrom(there, store, this.props);
    return this.store;
  }
}
