import { rangeOf } from '../../prover/domain/address';
import type { TemplateModel, Value } from '../../template';
import type { KnownRange } from '../parts';
import { doubtOf, handleOf, objectsOf, textOf } from './handle';
import { wholeFamily } from './ranges';

/** The addresses of a prefix list: of one of the templates exactly; any others may hold whatever AWS or its owner puts there. */
export function prefixListRanges(value: Value, model: TemplateModel): { readonly id: string; readonly ranges: readonly KnownRange[] } {
  const { id, reason } = handleOf(value);
  const resource = id === undefined ? undefined : model.resource(id);
  if (id === undefined || resource?.type !== 'AWS::EC2::PrefixList') {
    const unsure = `the addresses of the prefix list ${id ?? `(${reason})`} are not in the templates`;
    return { id: id ?? reason, ranges: [4 as const, 6 as const].map((family) => ({ range: wholeFamily(family), unsure })) };
  }
  const doubt = doubtOf(resource);
  const unknown: KnownRange[] = [];
  const open = (why: string): void =>
    void unknown.push(...[4 as const, 6 as const].map((family) => ({ range: wholeFamily(family), unsure: `${resource.id}: ${why}` })));
  const entries = objectsOf(resource.at('Entries'), (u) => open(u.reason)).flatMap((entry): KnownRange[] => {
    const range = rangeOf(textOf(entry.Cidr) ?? '');
    if (range === undefined) open('an entry is no range that is known');
    return range === undefined ? [] : [{ range, ...(doubt ? { unsure: doubt } : {}) }];
  });
  return { id, ranges: [...entries, ...unknown] };
}
