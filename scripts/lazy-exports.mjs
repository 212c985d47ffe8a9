/**
 * Turns the eager requires of the compiled root, and of the index of each area, into getters: `require('cdk-secure-ai')` loads no area
 * until one is used, and an area no construct until it is.
 *
 * The names stay visible to ES modules: their lexer reads the `exports.x = void 0` line, which is kept, and would drop a name that it
 * sees defined with a plain getter. Hence the assignment in the place of the name.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

const EAGER = /^exports\.(\w+) = __importStar\(require\("(\.\/[\w/-]+)"\)\);$/gm;

export function makeRootLazy(file) {
  const source = fs.readFileSync(file, 'utf8');
  const names = /^exports\.\w+(?: = exports\.\w+)* = void 0;$/m.exec(source)?.[0].match(/exports\.(\w+)/g)?.map((name) => name.slice('exports.'.length));
  const eager = [...source.matchAll(EAGER)];
  if (!names || eager.length !== names.length || /require\("/.test(source.replace(EAGER, ''))) {
    throw new Error(`${file} does not have the form that jsii gave it so far: look at it, and mend scripts/lazy-exports.mjs`);
  }
  fs.writeFileSync(file, `${withoutStarHelpers(source.replace(EAGER, (_, name, from) => getter(name, `require("${from}")`)))}${LOAD}`);
}

const STAR = /^__exportStar\(require\("(\.\/[\w/-]+)"\), exports\);$/gm;
const ANNOUNCED = /^exports\.\w+(?: = exports\.\w+)* = void 0;$/m;

/** The same for the index of an area, which is made of nothing but `export *`. */
export function makeAreaLazy(file) {
  const source = fs.readFileSync(file, 'utf8');
  const files = [...source.matchAll(STAR)].map(([, from]) => from);
  if (files.length === 0 || /require\("|exports\.\w/.test(source.slice(source.indexOf('"__esModule"')).replace(STAR, ''))) {
    throw new Error(`${file} does not have the form that jsii gave it so far: look at it, and mend scripts/lazy-exports.mjs`);
  }
  const names = files.map((from) => [from, namesOf(path.join(path.dirname(file), `${from}.js`))]);
  const all = names.flatMap(([, own]) => own);
  // Assigned from right to left: so the names keep the order of the files.
  const announced = all.length > 0 ? `${[...all].reverse().map((name) => `exports.${name} = `).join('')}void 0;\n` : '';
  const getters = names.flatMap(([from, own]) => own.map((name) => getter(name, `require("${from}").${name}`)));
  const head = withoutStarHelpers(source.replace(STAR, '')).trimEnd();
  fs.writeFileSync(file, `${head}\n${announced}${getters.join('\n')}\n${LOAD}`);
}

/** The names of a compiled module: the compiler announces each. A module of types has none. */
function namesOf(file) {
  const source = fs.readFileSync(file, 'utf8');
  const names = ANNOUNCED.exec(source)?.[0].match(/exports\.\w+/g)?.map((name) => name.slice('exports.'.length)) ?? [];
  const assigned = new Set([...source.matchAll(/\bexports\.(\w+) = /g)].map(([, name]) => name));
  if (names.length !== assigned.size || /__exportStar\(|module\.exports/.test(source.replace(/^var __exportStar.*$/m, ''))) {
    throw new Error(`${file} does not announce what it exports: look at it, and mend scripts/lazy-exports.mjs`);
  }
  return names;
}

function getter(name, value) {
  return `Object.defineProperty(exports, _n = "${name}", { enumerable: true, configurable: true, get: () => load("${name}", () => ${value}) });`;
}

const LOAD = `
function load(name, from) {
    const value = from();
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });
    return value;
}
`;

/** The helpers of `import *` have no use any more; a namespace is the module itself, as in aws-cdk-lib. */
function withoutStarHelpers(source) {
  const from = source.indexOf('var __createBinding');
  const to = source.indexOf('Object.defineProperty(exports, "__esModule"');
  return `${source.slice(0, from)}var _n;\n${source.slice(to)}`;
}
