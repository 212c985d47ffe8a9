import type { CatalogueAttack } from './attack-spec';
import { AGENT_USE } from './catalogue/agents';
import { BEDROCK_USE } from './catalogue/bedrock';
import { DEPUTIES } from './catalogue/deputies';
import { LEAST_PRIVILEGE } from './catalogue/least-privilege';
import { MODEL_TAMPERING } from './catalogue/model-tampering';
import { MODEL_THEFT } from './catalogue/model-theft';
import { NETWORK_ATTACKS } from './catalogue/network';
import { PRIVILEGE } from './catalogue/privilege';
import { RECORDS } from './catalogue/records';
import { TRAINING } from './catalogue/training';
import type { AnyAttack } from './network-attack';

/** The attacks of the catalogue that policies decide, in the order of their ids. */
export const ATTACK_CATALOGUE: readonly CatalogueAttack[] = [
  ...BEDROCK_USE,
  ...DEPUTIES,
  ...LEAST_PRIVILEGE,
  ...MODEL_TAMPERING,
  ...MODEL_THEFT,
  ...PRIVILEGE,
  ...RECORDS,
  ...TRAINING,
  ...AGENT_USE,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The whole catalogue: attacks that policies decide, and those that the network decides. */
export const EVERY_ATTACK: readonly AnyAttack[] = [...ATTACK_CATALOGUE, ...NETWORK_ATTACKS].sort((a, b) => (a.id < b.id ? -1 : 1));
