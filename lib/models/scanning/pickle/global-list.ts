import type { PickleProfile, ScanPolicy } from '../scan-policy';
import { DATA_GLOBALS } from './globals/data-globals';
import { isDenied } from './globals/denied-globals';
import { NUMPY_GLOBALS } from './globals/numpy-globals';
import { SKLEARN_GLOBALS } from './globals/sklearn-globals';
import { TORCH_GLOBALS } from './globals/torch-globals';

/** What the lists say of one imported name. */
export type GlobalStanding = 'LISTED' | 'UNLISTED' | 'DENIED';

const PROFILES: Readonly<Record<PickleProfile, readonly string[]>> = {
  DATA: DATA_GLOBALS,
  NUMPY: NUMPY_GLOBALS,
  TORCH: TORCH_GLOBALS,
  SKLEARN: SKLEARN_GLOBALS,
};

/** Names that Python 2 wrote, as Python 3 reads them in protocols 0 to 2. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['__builtin__ xrange', 'builtins range'],
  ['__builtin__ unicode', 'builtins str'],
  ['__builtin__ long', 'builtins int'],
]);
const RENAMED_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

/** The allow-list of a policy, by exact module and name. */
export class GlobalList {
  private readonly listed: ReadonlySet<string>;

  constructor(policy: ScanPolicy) {
    this.listed = new Set([...policy.pickleProfiles.flatMap((profile) => PROFILES[profile]), ...policy.pickleGlobals]);
  }

  /** Judges an import; `protocol` decides whether Python 2 names are mapped. */
  standing(module: string, name: string, protocol: number): GlobalStanding {
    let key = `${module} ${name}`;
    if (protocol < 3) {
      key = RENAMED.get(key) ?? `${RENAMED_MODULES.get(module) ?? module} ${name}`;
    }
    if (this.listed.has(key)) {
      return 'LISTED';
    }
    return isDenied(module, name) ? 'DENIED' : 'UNLISTED';
  }
}
