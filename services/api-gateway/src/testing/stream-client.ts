import http from 'node:http';

export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export interface StreamClient {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Of an answer that is no stream. */
  readonly body: Record<string, unknown> | undefined;
  readonly events: StreamedEvent[];
  /** As `Last-Event-ID` of a browser: also what came without an event. */
  lastEventId: string | undefined;
  /** True when the stream is over, however it ended. */
  ended: boolean;
  /** Resolves when the stream is over. */
  readonly over: Promise<void>;
  /** Resolves as soon as the condition holds after something has come, or when the stream is over. */
  until(condition: () => boolean): Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** A client of an event stream that sees what a browser's `EventSource` sees (HTML standard, "Server-sent events"). */
export function openStream(
  url: string,
  o: {
    readonly token?: string;
    readonly lastEventId?: string;
    readonly onEvent?: (event: StreamedEvent) => void;
  },
): Promise<StreamClient> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.lastEventId === undefined ? {} : { 'last-event-id': o.lastEventId }),
    };
    const request = http.get(url, { headers, agent: false }, (response) => {
      const over = Promise.withResolvers<void>();
      const waiting = new Set<() => void>();
      const events: StreamedEvent[] = [];
      const client: StreamClient = {
        ...{ status: response.statusCode ?? 0, headers: response.headers, body: undefined },
        ...{ events, lastEventId: o.lastEventId, ended: false, over: over.promise },
        until: (condition) =>
          new Promise((done) => {
            const look = () => {
              if (!condition() && !client.ended) return;
              waiting.delete(look);
              done();
            };
            waiting.add(look);
            look();
          }),
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        close: () => void response.destroy(),
      };
      response.setEncoding('utf8');
      if (client.status !== 200) {
        let text = '';
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ ...client, body: JSON.parse(text) as Record<string, unknown> }));
        return;
      }
      let rest = '';
      response.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) =>
            block
              .split('\n')
              .filter((line) => line.startsWith(`${name}: `))
              .map((line) => line.slice(name.length + 2))
              .join('\n');
          client.lastEventId = field('id') || client.lastEventId;
          if (!field('data')) continue;
          const event = { id: client.lastEventId ?? '', event: field('event'), data: field('data') };
          events.push(event);
          o.onEvent?.(event);
        }
        for (const look of [...waiting]) look();
      });
      response.on('error', () => undefined); // Cut off in the middle: `close` comes as well.
      response.on('close', () => {
        client.ended = true;
        for (const look of [...waiting]) look();
        over.resolve();
      });
      resolve(client);
    });
    request.on('error', reject);
  });
}
