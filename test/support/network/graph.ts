/** The parts of a template that networks are read from. */
export interface NetworkTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown } }>>;
}

/** A resource with its references written as `stack/logicalId`. */
export interface NetworkResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** All resources of templates that are deployed together; references lead across stacks. */
export function resourcesOf(templates: Readonly<Record<string, NetworkTemplate>>): NetworkResource[] {
  const exports = new Map<string, unknown>();
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const { Export, Value } of Object.values(Outputs)) if (Export) exports.set(String(Export.Name), referencesIn(Value, stack, exports));
  }
  return Object.entries(templates).flatMap(([stack, { Resources = {} }]) =>
    Object.entries(Resources).map(([id, { Type, Properties = {} }]) => ({
      id: `${stack}/${id}`,
      type: Type,
      properties: referencesIn(Properties, stack, exports) as Record<string, unknown>,
    })));
}

function referencesIn(value: unknown, stack: string, exports: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => referencesIn(item, stack, exports));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === 'Ref') return `${stack}/${String(argument)}`;
    if (key === 'Fn::GetAtt') return `${stack}/${String((Array.isArray(argument) ? argument[0] : argument) as unknown).split('.')[0]}`;
    if (key === 'Fn::ImportValue') {
      if (!exports.has(String(argument))) throw new Error(`export '${String(argument)}' is in none of the templates: where it leads is not known`);
      return exports.get(String(argument));
    }
    if (key === 'Fn::Join' && Array.isArray(argument)) return (referencesIn(argument[1], stack, exports) as unknown[]).map(String).join(String(argument[0]));
    if (key.startsWith('Fn::')) return `${key} ${JSON.stringify(argument)}`;
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, referencesIn(item, stack, exports)]));
}
