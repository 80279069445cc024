import { createHash } from 'node:crypto';

/** A statement with the name under which the server keeps its plan. Another set of outboxes is another statement. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Builds a statement once for each list of schemas: a relay asks with the same list many times a second. */
export function preparedFor(
  build: (schemas: readonly string[]) => string,
): (schemas: readonly string[]) => Prepared {
  const known = new WeakMap<readonly string[], Prepared>();
  return (schemas) => {
    const before = known.get(schemas);
    if (before) return before;
    const text = build(schemas);
    const prepared = { name: `relay-${createHash('md5').update(text).digest('hex')}`, text };
    known.set(schemas, prepared);
    return prepared;
  };
}
