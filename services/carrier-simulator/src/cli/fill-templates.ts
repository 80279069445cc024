/** `{{slot.date}}` in any text of a scenario. Pure; what a template may name is what `values` holds. */
export type TemplateValues = Readonly<Record<string, string>>;

/** @throws Error naming every template without a value */
export function fillTemplates<T>(value: T, values: TemplateValues): T {
  const missing = new Set<string>();
  const filled = walk(value, (text) =>
    text.replace(/\{\{\s*([a-zA-Z.]+)\s*\}\}/g, (whole, key: string) => {
      const found = values[key];
      if (found === undefined) missing.add(key);
      return found ?? whole;
    }),
  );
  if (missing.size > 0) throw new Error(`no value for ${[...missing].map((m) => `{{${m}}}`).join(', ')}`);
  return filled as T;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((v) => walk(v, change));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, change)]));
  return value;
}
