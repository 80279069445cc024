/** The facts of one kind. */
export function ofKind<F extends { kind: string }, K extends F['kind']>(
  facts: readonly F[],
  kind: K,
): Extract<F, { kind: K }>[] {
  return facts.filter((fact): fact is Extract<F, { kind: K }> => fact.kind === kind);
}

/**
 * The newest by its own time, whatever order they were received in. Facts of the same instant are told apart by their
 * content, so that the answer never depends on the order.
 */
export function newestOf<F extends object>(facts: readonly F[], timeOf: (fact: F) => number): F | undefined {
  return facts.reduce<F | undefined>((newest, fact) => {
    if (newest === undefined) return fact;
    const later = timeOf(fact) - timeOf(newest);
    return later > 0 || (later === 0 && contentOf(fact) > contentOf(newest)) ? fact : newest;
  }, undefined);
}

/** Which of several texts is known: they are the same in all facts that have one, and empty in the others. */
export function knownText(texts: readonly string[]): string {
  return texts.reduce((known, text) => (text > known ? text : known), '');
}

/** The same text for the same content, in whatever order its fields are. */
export function contentOf(value: object): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
