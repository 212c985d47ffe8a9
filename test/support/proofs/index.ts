export { expectImpossible } from './expect-impossible';
export { ProvenAssembly } from './proven-assembly';
