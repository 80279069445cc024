import { once } from 'node:events';
import { decodeMulaw, encodeAlaw, encodeMulaw, decodeAlaw } from '@wardline/audio';
import { WebSocket } from 'ws';

export interface ReceivedFrame {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The carrier's end of a media socket: sends the caller's audio at the pace of a line, plays what comes, returns marks. */
export class CarrierPeer {
  readonly frames: ReceivedFrame[] = [];
  readonly clears: number[] = [];
  readonly marks: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #ws: WebSocket;
  readonly #encoding: 'PCMU' | 'PCMA';
  #chunk = 0;
  #sequence = 0;
  #queue: Int16Array = new Int16Array(0);
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #playedUntil = 0;
  readonly #watchers = new Set<() => void>();

  private constructor(ws: WebSocket, encoding: 'PCMU' | 'PCMA') {
    this.#ws = ws;
    this.#encoding = encoding;
    ws.on('message', (data: Buffer) => this.#onMessage(data));
    ws.on('close', (code, reason) => {
      clearTimeout(this.#timer);
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
    // The close that follows says what happened.
    ws.on('error', () => undefined);
  }

  static async connect(url: string, encoding: 'PCMU' | 'PCMA' = 'PCMU'): Promise<CarrierPeer> {
    const ws = new WebSocket(url, { perMessageDeflate: false });
    const peer = new CarrierPeer(ws, encoding);
    await once(ws, 'open');
    return peer;
  }

  get now(): number {
    return performance.now();
  }

  raw(data: string | Buffer): void {
    this.#ws.send(data);
  }

  send(message: object): void {
    this.#sequence += 1;
    this.raw(JSON.stringify({ sequence_number: String(this.#sequence), ...message, stream_id: 'stream-1' }));
  }

  start(callControlId: string, format: object = {}): void {
    this.raw('{"event":"connected","version":"1.0.0"}');
    this.send({
      event: 'start',
      start: {
        call_control_id: callControlId,
        media_format: { encoding: this.#encoding, sample_rate: 8000, channels: 1, ...format },
      },
    });
  }

  /** From now on a frame each 20 ms, of silence where nothing is queued. */
  streamAudio(): void {
    this.#next = this.now;
    const tick = (): void => {
      while (this.#next <= this.now) {
        this.#sendFrame();
        this.#next += 20;
      }
      this.#timer = setTimeout(tick, Math.max(0, this.#next - this.now));
    };
    tick();
  }

  stopAudio(): void {
    clearTimeout(this.#timer);
  }

  /** The caller says this; resolves when its last sample has been sent. */
  async says(samples: Int16Array): Promise<number> {
    this.#queue = samples;
    await this.until(() => this.#queue.length === 0);
    return this.now;
  }

  sendPayload(bytes: Uint8Array, chunk = ++this.#chunk): void {
    const payload = Buffer.from(bytes).toString('base64');
    // The order of keys in which Telnyx writes it.
    this.raw(
      `{"event":"media","sequence_number":"${++this.#sequence}","media":{"track":"inbound","chunk":"${chunk}","timestamp":"${chunk * 20}","payload":"${payload}"},"stream_id":"stream-1"}`,
    );
  }

  /** Everything the agent has said since frame `from`, as samples. */
  heard(from = 0): Int16Array {
    const decode = this.#encoding === 'PCMU' ? decodeMulaw : decodeAlaw;
    return decode(Buffer.concat(this.frames.slice(from).map((frame) => frame.bytes)));
  }

  /** Awaits a condition on what was received; looks at every message. */
  async until(condition: () => boolean, waitMs = 20_000): Promise<void> {
    const deadline = this.now + waitMs;
    while (!condition()) {
      if (this.now > deadline) throw new Error(`not within ${waitMs} ms: ${condition.toString()}`);
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, 25);
        this.#watchers.add(done);
      });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#ws.close();
  }

  /** As a network does that goes away. */
  vanish(): void {
    clearTimeout(this.#timer);
    this.#ws.terminate();
  }

  #sendFrame(): void {
    const samples = new Int16Array(160);
    samples.set(this.#queue.subarray(0, 160));
    this.#queue = this.#queue.subarray(160);
    this.sendPayload((this.#encoding === 'PCMU' ? encodeMulaw : encodeAlaw)(samples));
    this.#changed();
  }

  #onMessage(data: Buffer): void {
    const message = JSON.parse(data.toString()) as {
      event: string;
      media?: { payload: string };
      mark?: { name: string };
    };
    const now = this.now;
    if (message.event === 'media' && message.media !== undefined) {
      this.frames.push({ at: now, bytes: Buffer.from(message.media.payload, 'base64') });
      this.#playedUntil = Math.max(this.#playedUntil, now) + 20;
    } else if (message.event === 'clear') {
      this.clears.push(now);
      this.#playedUntil = now;
    } else if (message.event === 'mark' && message.mark !== undefined) {
      const { name } = message.mark;
      this.marks.push(name);
      setTimeout(() => {
        if (this.closed === undefined) this.send({ event: 'mark', mark: { name } });
      }, this.#playedUntil - now);
    }
    this.#changed();
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
