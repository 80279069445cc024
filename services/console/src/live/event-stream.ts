/** One message of a text/event-stream. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * Reads Server-Sent Events (WHATWG HTML, "Interpreting an event stream") from a fetched body. The browser's own EventSource
 * cannot send a bearer token. Comments, which a server sends to keep the line open, call `onSign` and nothing else.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  onSign: () => void,
): AsyncGenerator<StreamMessage> {
  let rest = '';
  let fields: { event: string; data: string[]; id: string | undefined } = fresh();
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onSign();
      const lines = (rest + value).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (fields.data.length > 0)
            yield { event: fields.event, data: fields.data.join('\n'), id: fields.id };
          fields = fresh();
          continue;
        }
        const colon = line.indexOf(':');
        const name = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (name === 'event') fields.event = text;
        else if (name === 'data') fields.data.push(text);
        else if (name === 'id') fields.id = text;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined); // The connection may be gone already.
  }
}

const fresh = () => ({ event: 'message', data: [] as string[], id: undefined as string | undefined });
