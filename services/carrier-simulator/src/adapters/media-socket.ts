import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import type { MediaStream, MediaStreamEvents, MediaStreamOptions } from '../ports/media-stream.ts';

const connectMsMax = 10_000;
/** 20 ms to 30 s of 8 kHz G.711. */
const chunkBytesMin = 160;
const chunkBytesMax = 240_000;
const messageBytesMax = 1_000_000;

/** The account that owns the connection; any fixed id will do. */
export const userId = '5a9d2c1e-7a44-4e5b-9d35-0c1f4b7a2e10';

/** Opens the media WebSocket as the carrier does and speaks its protocol. */
export function openMediaSocket(o: MediaStreamOptions, on: MediaStreamEvents): MediaStream {
  const streamId = randomUUID();
  const socket = new WebSocket(o.url, {
    perMessageDeflate: false,
    handshakeTimeout: connectMsMax,
    maxPayload: messageBytesMax,
    headers: o.authToken === undefined ? {} : { authorization: `Bearer ${o.authToken}` },
  });
  let sequence = 0;
  let chunk = 0;
  let opened = false;
  let stopped = false;
  let failure = 'connection failed';

  const send = (message: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const numbered = (event: string, rest: object) =>
    send({ event, sequence_number: String(++sequence), ...rest, stream_id: streamId });
  const sendError = (code: number, title: string, detail: string) => {
    on.onViolation(`${title}: ${detail}`);
    send({ event: 'error', payload: { code, title, detail }, stream_id: streamId });
  };

  socket.on('open', () => {
    opened = true;
    // The carrier sends small packets at a fixed pace; Nagle's algorithm would pair them up.
    Reflect.get(socket, '_socket')?.setNoDelay?.(true);
    send({ event: 'connected', version: '1.0.0' });
    numbered('start', {
      start: {
        user_id: userId,
        call_control_id: o.callControlId,
        call_session_id: o.callSessionId,
        from: o.from,
        to: o.to,
        ...(o.clientState === undefined ? {} : { client_state: o.clientState }),
        custom_parameters: o.customParameters,
        media_format: { encoding: o.encoding, sample_rate: 8000, channels: 1 },
      },
    });
    on.onOpen();
  });
  socket.on('message', (data, isBinary) => {
    if (stopped) return;
    if (isBinary) return sendError(100003, 'malformed_frame', 'binary frames are not accepted');
    handleMessage(data.toString());
  });
  socket.on('unexpected-response', (request, response) => {
    failure = `unexpected response ${response.statusCode}`;
    request.destroy();
    socket.terminate();
  });
  socket.on('error', (error) => {
    failure = error.message;
  });
  socket.on('close', (code, reason) => {
    if (stopped) return;
    stopped = true;
    if (opened) on.onClosed(code, reason.toString());
    else on.onFailed(failure);
  });

  function handleMessage(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return sendError(100003, 'malformed_frame', 'the message is not JSON');
    }
    if (typeof message !== 'object' || message === null)
      return sendError(100003, 'malformed_frame', 'not an object');
    const event: unknown = Reflect.get(message, 'event');
    if (event === 'clear') return on.onClear();
    if (event === 'mark') {
      const name = inner(message, 'mark', 'name');
      return typeof name === 'string'
        ? on.onMark(name)
        : sendError(100003, 'malformed_frame', 'mark.name is missing');
    }
    if (event === 'media') return handleMedia(inner(message, 'media', 'payload'));
    sendError(100003, 'malformed_frame', 'unknown event');
  }

  function handleMedia(payload: unknown): void {
    if (o.bidirectionalMode !== 'rtp')
      return on.onViolation('media dropped: stream_bidirectional_mode is not rtp');
    if (typeof payload !== 'string') return sendError(100004, 'invalid_media', 'media.payload is missing');
    const bytes = Buffer.from(payload, 'base64');
    if (bytes.length < chunkBytesMin || bytes.length > chunkBytesMax) {
      return sendError(
        100004,
        'invalid_media',
        `a chunk of ${bytes.length} bytes; 20 ms to 30 s are accepted`,
      );
    }
    on.onMedia(bytes);
  }

  return {
    streamId,
    sendFrame(bytes) {
      chunk += 1;
      numbered('media', {
        media: {
          track: 'inbound',
          chunk: String(chunk),
          timestamp: String((chunk - 1) * 20),
          payload: Buffer.from(bytes).toString('base64'),
        },
      });
    },
    sendDtmf: (digit) => numbered('dtmf', { occurred_at: new Date().toISOString(), dtmf: { digit } }),
    sendMark: (name) => numbered('mark', { mark: { name } }),
    sendUnknown: () => send({ event: 'weather', weather: { sky: 'clear' }, stream_id: streamId }),
    stop() {
      if (stopped) return;
      stopped = true;
      if (opened) {
        numbered('stop', { stop: { user_id: userId, call_control_id: o.callControlId } });
        socket.close(1000);
        setTimeout(() => socket.terminate(), 2_000).unref();
      } else socket.terminate();
    },
  };
}

function inner(message: object, outer: string, key: string): unknown {
  const value: unknown = Reflect.get(message, outer);
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
