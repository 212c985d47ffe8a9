/**
 * Turns the eager requires of the compiled root into getters, so that `require('cdk-secure-ai')` loads no area until one is used.
 *
 * The names stay visible to ES modules: their lexer reads the `exports.x = void 0` line, which is kept, and would drop a name that it
 * sees defined with a plain getter. Hence the assignment in the place of the name.
 */
import * as fs from 'node:fs';

const EAGER = /^exports\.(\w+) = __importStar\(require\("(\.\/[\w/-]+)"\)\);$/gm;

export function makeRootLazy(file) {
  const source = fs.readFileSync(file, 'utf8');
  const names = /^exports\.\w+(?: = exports\.\w+)* = void 0;$/m.exec(source)?.[0].match(/exports\.(\w+)/g)?.map((name) => name.slice('exports.'.length));
  const eager = [...source.matchAll(EAGER)];
  if (!names || eager.length !== names.length || /require\("/.test(source.replace(EAGER, ''))) {
    throw new Error(`${file} does not have the form that jsii gave it so far: look at it, and mend scripts/lazy-exports.mjs`);
  }
  const lazy = source.replace(EAGER, (_, name, from) => `Object.defineProperty(exports, _n = "${name}", { enumerable: true, configurable: true, get: () => load("${name}", () => require("${from}")) });`);
  fs.writeFileSync(file, `${withoutStarHelpers(lazy)}
function load(name, from) {
    const value = from();
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });
    return value;
}
`);
}

/** The helpers of `import *` have no use any more; a namespace is the module itself, as in aws-cdk-lib. */
function withoutStarHelpers(source) {
  const from = source.indexOf('var __createBinding');
  const to = source.indexOf('Object.defineProperty(exports, "__esModule"');
  return `${source.slice(0, from)}var _n;\n${source.slice(to)}`;
}
