import type { Resource, TemplateModel, Unknown} from '../../template';
import { generatedName } from '../../template';
import type { Settle } from './ground';

/** Stands for an account or region that is chosen at deploy time. */
export const PLACEHOLDER_ACCOUNT = '111111111111';
export const PLACEHOLDER_REGION = 'us-east-1';

/** Settles names that only the deployment decides, each with a text of the right shape and always the same one. */
export class Placeholders {
  readonly assumptions = new Set<string>();
  /** Placeholder of each generated name and how much of it is fixed. */
  readonly generated = new Map<string, { readonly resource: string; readonly fixed: string }>();
  private readonly names = new Map<string, string>();

  constructor(private readonly model: TemplateModel) {}

  readonly settle: Settle = (unknown) => {
    if (unknown.kind === 'PSEUDO_PARAMETER') return this.pseudo(unknown);
    if (unknown.kind !== 'GENERATED_NAME' || unknown.origin === undefined) return undefined;
    const resource = this.model.resource(unknown.origin.resource);
    return resource && this.name(resource);
  };

  /** The account of a stack, or the placeholder. */
  account(resource: Resource): string {
    const { account } = resource.stack;
    if (typeof account === 'string') return account;
    this.assumptions.add(`${account.reason}; ${PLACEHOLDER_ACCOUNT} stands for it`);
    return PLACEHOLDER_ACCOUNT;
  }

  private name(resource: Resource): string {
    const known = this.names.get(resource.id);
    if (known !== undefined) return known;
    const { fixed, random } = generatedName(resource.type, resource.stack.stackName, resource.logicalId);
    const suffix = resource.type === 'AWS::KMS::Key' ? uuid(resource.id) : hash(resource.id, random);
    const name = fixed + suffix;
    this.names.set(resource.id, name);
    this.generated.set(name, { resource: resource.id, fixed });
    return name;
  }

  private pseudo(unknown: Unknown): string | undefined {
    const { reason } = unknown;
    const text = reason.startsWith('the account of')
      ? PLACEHOLDER_ACCOUNT
      : reason.startsWith('the region of')
        ? PLACEHOLDER_REGION
        : reason.startsWith('the name without dashes of the region of')
          ? PLACEHOLDER_REGION.replaceAll('-', '')
          : undefined;
    if (text === undefined) return undefined;
    this.assumptions.add(`${reason}; ${text} stands for it`);
    return text;
  }
}

/** Digits and letters of the right count that depend on the text alone. */
function hash(text: string, length: number): string {
  let out = '';
  for (let round = 0; out.length < length; round++) {
    let h = 0x811c9dc5 ^ round;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    out += (h >>> 0).toString(16).padStart(8, '0');
  }
  return out.slice(0, length);
}

function uuid(text: string): string {
  const digits = hash(text, 32);
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `a${digits.slice(17, 20)}`, digits.slice(20)].join('-');
}
