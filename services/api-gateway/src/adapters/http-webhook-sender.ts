import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { DeliveryAnswer } from '../domain/webhook-schedule.ts';
import type { WebhookRequest, WebhookSender } from '../ports/webhook-sender.ts';
import type { TargetPolicy } from './webhook-targets.ts';

/** From the first look at the name to the answer's status line. Well within the lease of the webhook. */
const totalMsDefault = 12_000;
const connectMsDefault = 5_000;
/** Answers are read only so that the connection can be used again; a longer one costs it the connection. */
const answerBytesMax = 64 * 1024;

const refusedCode = 'WEBHOOK_TARGET_REFUSED';

/** Sends over connections that are kept open, only to addresses that the policy allows at the moment of connecting. */
export function createHttpWebhookSender(o: {
  targets: TargetPolicy;
  connectMs?: number;
  totalMs?: number;
  /** Certificate authorities to trust instead of the system's (PEM). */
  ca?: string;
}): WebhookSender & { close(): void } {
  const connectMs = o.connectMs ?? connectMsDefault;
  const totalMs = o.totalMs ?? totalMsDefault;
  const kept = {
    keepAlive: true,
    maxSockets: 32,
    maxFreeSockets: 8,
    scheduling: 'lifo',
    timeout: 30_000,
  } as const;
  const agents = {
    'http:': new http.Agent(kept),
    'https:': new https.Agent({ ...kept, ...(o.ca === undefined ? {} : { ca: o.ca }) }),
  };
  const lookup = guardedLookup(o.targets);

  function attempt(request: WebhookRequest, url: URL): Promise<DeliveryAnswer | 'stale-connection'> {
    return new Promise((settle) => {
      const secure = url.protocol === 'https:';
      let reason: string | undefined;
      const req = (secure ? https : http).request(url, {
        method: 'POST',
        agent: agents[secure ? 'https:' : 'http:'],
        lookup,
        headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) },
      });
      const giveUp = (why: string): void => {
        reason ??= why;
        req.destroy();
      };
      const total = setTimeout(() => giveUp('timeout'), totalMs);
      const connecting = setTimeout(() => giveUp('connect-timeout'), connectMs);
      const onAbort = (): void => giveUp('aborted');
      request.signal?.addEventListener('abort', onAbort, { once: true });
      if (request.signal?.aborted) onAbort();
      req.on('socket', (socket) => {
        if (!socket.connecting) return clearTimeout(connecting);
        socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
      });
      req.on('response', (res) => {
        const retryAfter = res.headers['retry-after'];
        settle({ kind: 'answer', status: res.statusCode ?? 0, retryAfter });
        let bytes = 0;
        res.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > answerBytesMax) req.destroy();
        });
        // The answer is known already; how its body ends changes nothing.
        res.on('error', () => undefined);
      });
      req.on('error', (error) => {
        const code = 'code' in error ? String(error.code) : '';
        const stale = reason === undefined && req.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
        settle(stale ? 'stale-connection' : { kind: 'no-answer', reason: reason ?? reasonOf(code) });
      });
      req.on('close', () => {
        clearTimeout(total);
        clearTimeout(connecting);
        request.signal?.removeEventListener('abort', onAbort);
        settle({ kind: 'no-answer', reason: reason ?? 'connection-lost' });
      });
      req.end(request.body);
    });
  }

  return {
    async send(request) {
      const problem = o.targets.check(request.url);
      if (problem) return { kind: 'no-answer', reason: problem.code };
      const url = new URL(request.url);
      for (let tries = 0; ; tries++) {
        const answer = await attempt(request, url);
        // The receiver closed an idle connection just as we used it: not its fault, and not worth a delay.
        if (answer !== 'stale-connection') return answer;
        if (tries >= 2) return { kind: 'no-answer', reason: 'connection-lost' };
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/**
 * Resolves a name and refuses it when any of its addresses is not allowed. The connection goes to an address from this
 * very answer, so a name that changes its mind between a check and the connection gains nothing.
 */
function guardedLookup(targets: TargetPolicy): LookupFunction {
  return (hostname, options, done) => {
    const host = hostname.replace(/\.$/, '').toLowerCase();
    targets.resolve(host).then(
      (addresses) => {
        const wanted = addresses.filter(({ family }) => !options.family || family === options.family);
        const refused = addresses.find(({ address }) => !targets.mayConnect(host, address));
        const [first] = wanted;
        if (refused) return done(Object.assign(new Error('target refused'), { code: refusedCode }), '');
        if (!first) return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
        if (options.all) return done(null, [...wanted]);
        done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${refusedCode}$`), 'target-refused'],
  [/^(ENOTFOUND|EAI_)/, 'name-not-resolved'],
  [/^ECONNREFUSED$/, 'connection-refused'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'connection-lost'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'not-reachable'],
  [/^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/, 'connect-timeout'],
  [/^HPE_/, 'answer-not-http'],
  [/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_)/, 'tls-not-trusted'],
];

/** Constants only: what the system says of an error may hold names and addresses. */
const reasonOf = (code: string): string =>
  reasons.find(([pattern]) => pattern.test(code))?.[1] ?? 'network-error';
