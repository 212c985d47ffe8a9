import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import type { NetworkSegmentProps } from './network-segment';
import { NetworkSegment } from './network-segment';

/** The segments to make. An account that holds one of them names that one. */
export interface SegmentedNetworkProps {
  /**
   * Where models are trained.
   *
   * @default - made when no segment is named, in 10.64.0.0/20
   */
  readonly training?: NetworkSegmentProps;
  /**
   * Where models are tried before they serve.
   *
   * @default - made when no segment is named, in 10.64.16.0/20
   */
  readonly staging?: NetworkSegmentProps;
  /**
   * Where models serve.
   *
   * @default - made when no segment is named, in 10.64.32.0/20
   */
  readonly production?: NetworkSegmentProps;
}

/** Ranges that do not overlap, so that a segment can still be joined to a network for operators later. */
const RANGES = { training: '10.64.0.0/20', staging: '10.64.16.0/20', production: '10.64.32.0/20' } as const;

/**
 * Separate VPCs for training, staging and production, with no way from one to another and none to the internet.
 *
 * All three in one account stay below the quota of five VPCs for each region.
 */
export class SegmentedNetwork extends Construct {
  private readonly segments: Partial<Record<keyof SegmentedNetworkProps, NetworkSegment>> = {};

  constructor(scope: Construct, id: string, props: SegmentedNetworkProps = {}) {
    super(scope, id);
    declareControls(this, 'P2', 'RT1');
    const all = !props.training && !props.staging && !props.production;
    for (const name of ['training', 'staging', 'production'] as const) {
      const segment = props[name] ?? (all ? {} : undefined);
      if (!segment) continue;
      const range = segment.existing ? {} : { cidr: segment.cidr ?? RANGES[name] };
      this.segments[name] = new NetworkSegment(this, name.charAt(0).toUpperCase() + name.slice(1), { ...segment, ...range });
    }
  }

  /**
   * The segment in which models are trained.
   *
   * @throws when it was not named
   */
  public get training(): NetworkSegment {
    return this.named('training');
  }

  /**
   * The segment in which models are tried.
   *
   * @throws when it was not named
   */
  public get staging(): NetworkSegment {
    return this.named('staging');
  }

  /**
   * The segment in which models serve.
   *
   * @throws when it was not named
   */
  public get production(): NetworkSegment {
    return this.named('production');
  }

  private named(name: keyof SegmentedNetworkProps): NetworkSegment {
    const segment = this.segments[name];
    if (segment) return segment;
    throw new Error(`'${this.node.path}' has no ${name} segment: it names ${Object.keys(this.segments).join(', ')}; add ${name}`);
  }
}
