/**
 * Where a stream begins. Positions count a hospital's own log from 1, without holes, in the order of commit; a client
 * names the last one that it has, and gets what is behind it.
 */
export type StreamStart =
  | { readonly kind: 'after'; readonly position: bigint }
  /** What comes next after the position asked for is no longer kept. */
  | { readonly kind: 'gone'; readonly oldest: bigint }
  /** A position that this log has not given out yet: of another hospital's log, or made up. */
  | { readonly kind: 'ahead'; readonly newest: bigint }
  | { readonly kind: 'malformed' };

export interface StreamAsked {
  /** The header `Last-Event-ID`: exact. It wins over `after`, because a browser that reconnects sends both. */
  readonly lastEventId?: string | undefined;
  /** The query parameter `after`. 0 is the oldest event that is kept, whatever it is. */
  readonly after?: string | undefined;
}

export interface LogBounds {
  /** Position of the oldest event that is kept; `next` when none is. */
  readonly oldest: bigint;
  /** Position that the next event will get. */
  readonly next: bigint;
}

/** A position as text, or undefined for anything that is none. Nineteen digits could leave Postgres' bigint. */
export function parsePosition(text: string): bigint | undefined {
  return /^(0|[1-9]\d{0,17})$/.test(text) ? BigInt(text) : undefined;
}

export function streamStartOf(asked: StreamAsked, log: LogBounds): StreamStart {
  if (asked.lastEventId === undefined && asked.after === undefined)
    return { kind: 'after', position: log.next - 1n };
  const position = parsePosition(asked.lastEventId ?? asked.after ?? '');
  if (position === undefined) return { kind: 'malformed' };
  if (position >= log.next) return { kind: 'ahead', newest: log.next - 1n };
  if (position + 1n >= log.oldest) return { kind: 'after', position };
  if (asked.lastEventId === undefined && position === 0n) return { kind: 'after', position: log.oldest - 1n };
  return { kind: 'gone', oldest: log.oldest };
}
