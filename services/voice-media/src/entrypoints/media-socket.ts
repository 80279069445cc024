import { codecOf, type Codec } from '@wardline/audio';
import type { Logger } from '@wardline/observability';
import { WebSocket, type RawData } from 'ws';
import type { CarrierLine } from '../ports/carrier-line.ts';
import type { CallMetrics } from '../telemetry/call-metrics.ts';
import type { StreamPermit } from './stream-token.ts';
import {
  clearMessage,
  codecNameOf,
  markMessage,
  mediaMessage,
  parseCarrierFrame,
  type CarrierEvent,
} from './telnyx-frames.ts';

export const frameBytesMax = 64 * 1024;
/** About two and a half seconds of audio that the carrier has not taken, beyond what the kernel holds. */
const bufferedBytesMax = 40_000;
const closeMsMax = 1_000;

/** What a socket drives. Implemented by the call conductor. */
export interface MediaCall {
  onChunk(chunk: { readonly chunk: number | undefined; readonly payload: Uint8Array }): void;
  onMark(name: string): void;
  onDigit(digit: string): void;
  onCarrierStopped(): void;
  close(): void;
}

export interface MediaSocketDeps {
  readonly logger: Logger;
  readonly metrics: CallMetrics;
  /** Starts the call once the carrier has said what it sends. */
  readonly startCall: (o: { permit: StreamPermit; line: CarrierLine; codec: Codec }) => MediaCall;
  readonly startWaitMs: number;
  readonly onClosed: () => void;
}

/** `ws` closes what it refuses itself without saying why. */
export class MediaWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? (code === undefined ? undefined : ownReasons[code]));
  }
}

const ownReasons: Readonly<Record<number, string>> = {
  1009: `frame larger than ${frameBytesMax / 1024} KB`,
  1007: 'text is not UTF-8',
  1002: 'not the WebSocket protocol',
};

/**
 * One carrier connection: `start` first and once, then media. Whatever is wrong with it closes this socket alone, with a
 * code and a reason, and is logged once.
 */
export class MediaSocket implements CarrierLine {
  readonly #ws: WebSocket;
  readonly #permit: StreamPermit;
  readonly #deps: MediaSocketDeps;
  readonly #startTimer: NodeJS.Timeout;
  #call: MediaCall | undefined;
  #closing = false;
  #ignored = 0;
  #seenAt: number;

  constructor(ws: WebSocket, permit: StreamPermit, deps: MediaSocketDeps) {
    this.#ws = ws;
    this.#permit = permit;
    this.#deps = deps;
    this.#seenAt = performance.now();
    this.#startTimer = setTimeout(
      () => this.#refuse(1008, `no start within ${deps.startWaitMs} ms`),
      deps.startWaitMs,
    );
    ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    ws.on('pong', () => this.#seen());
    ws.on('error', (error) => this.#onError(error));
    ws.on('close', () => this.#onClose());
  }

  sendFrame(frame: Uint8Array): void {
    if (this.#closing) return;
    if (this.#ws.bufferedAmount > bufferedBytesMax) return this.#refuse(1008, 'the carrier does not read');
    this.#ws.send(mediaMessage(frame));
    this.#deps.metrics.framesOut(1);
  }

  sendMark(name: string): void {
    if (!this.#closing) this.#ws.send(markMessage(name));
  }

  sendClear(): void {
    if (!this.#closing) this.#ws.send(clearMessage);
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    clearTimeout(this.#startTimer);
    this.#ws.close(code, reason);
    // A peer that does not answer the close must not hold the connection.
    setTimeout(() => this.#ws.terminate(), closeMsMax).unref();
  }

  /** Half-open connections show themselves by silence; a carrier streams even when nobody speaks. */
  checkAlive(now: number, idleMsMax: number): void {
    if (this.#closing) return;
    if (now - this.#seenAt > idleMsMax) this.#refuse(1008, 'nothing came from the carrier');
    else this.#ws.ping();
  }

  #seen(): void {
    this.#seenAt = performance.now();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#closing) return;
    this.#seen();
    if (isBinary || !Buffer.isBuffer(data)) return this.#refuse(1007, 'binary frames are not understood');
    const event = parseCarrierFrame(data);
    if (event.type === 'malformed') return this.#refuse(event.code, event.reason);
    this.#onEvent(event);
  }

  #onEvent(event: CarrierEvent): void {
    switch (event.type) {
      case 'media':
        this.#deps.metrics.framesIn(1);
        if (this.#call === undefined) return this.#refuse(1008, 'media before start');
        return this.#call.onChunk(event.chunk);
      case 'other-track':
        return this.#deps.metrics.framesDropped('other-track');
      case 'start':
        return this.#onStart(event);
      case 'dtmf':
        return this.#call?.onDigit(event.digit);
      case 'mark':
        return this.#call?.onMark(event.name);
      case 'stop':
        this.#call?.onCarrierStopped();
        return this.close(1000, 'stopped by the carrier');
      case 'carrier-error':
        return this.#deps.logger.warn('carrier reports an error', { code: event.code, title: event.title });
      case 'connected':
        return;
      case 'unknown':
        this.#ignored += 1;
        return this.#deps.metrics.eventIgnored();
      default:
        throw new Error(`unreachable ${String(event satisfies never)}`);
    }
  }

  #onStart(event: Extract<CarrierEvent, { type: 'start' }>): void {
    if (this.#call !== undefined) return this.#refuse(1008, 'started twice');
    if (event.callControlId !== this.#permit.callControlId) {
      return this.#refuse(1008, 'the token is for another call');
    }
    const codec = codecNameOf(event);
    if (codec === undefined) return this.#refuse(1003, 'only PCMU and PCMA at 8000 Hz, one channel');
    clearTimeout(this.#startTimer);
    try {
      this.#call = this.#deps.startCall({ permit: this.#permit, line: this, codec: codecOf(codec) });
    } catch (err) {
      this.#deps.logger.error('call could not be started', { err });
      this.close(1011, 'call could not be started');
    }
  }

  #onError(error: Error): void {
    const code = Reflect.get(error, 'code');
    const tooBig = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    this.#refuse(tooBig ? 1009 : 1002, tooBig ? (ownReasons[1009] ?? '') : 'connection error', code);
  }

  #refuse(code: number, reason: string, cause?: unknown): void {
    if (this.#closing) return;
    this.#deps.logger.warn('media socket refused', {
      code,
      reason,
      ...(typeof cause === 'string' ? { cause } : {}),
    });
    this.#deps.metrics.socketRefused(reason);
    this.close(code, reason);
    // Nobody reads what is still to be said, and a broken line is no hang-up: the call may come back on another socket.
    this.#call?.close();
  }

  #onClose(): void {
    this.#closing = true;
    clearTimeout(this.#startTimer);
    if (this.#ignored > 0) this.#deps.logger.debug('carrier events ignored', { count: this.#ignored });
    this.#call?.close();
    this.#deps.onClosed();
  }
}
