import type { TemplateModel } from '../template';

/** The organisation that the policies of the templates name, if they all name the same one. */
export function organizationOf(model: TemplateModel): string | undefined {
  const ids = new Set<string>();
  for (const { raw } of model.resources) {
    // Properties only: their depth is bounded.
    for (const [, value] of JSON.stringify(raw.Properties ?? {}).matchAll(/"aws:PrincipalOrgID":(\[[^\]]*\]|"[^"]*")/g)) {
      for (const [id] of value.matchAll(/o-[a-z0-9]{10,32}/g)) ids.add(id);
    }
  }
  return ids.size === 1 ? [...ids][0] : undefined;
}
