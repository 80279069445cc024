/** The carrier's end of one media WebSocket. Frames are codec bytes. */
export interface MediaStream {
  readonly streamId: string;
  sendFrame(bytes: Uint8Array): void;
  sendDtmf(digit: string): void;
  sendMark(name: string): void;
  /** An event the protocol does not know. */
  sendUnknown(): void;
  /** Sends `stop` and closes; `onClosed` is not called any more. */
  stop(): void;
}

export interface MediaStreamEvents {
  readonly onOpen: () => void;
  readonly onMedia: (bytes: Uint8Array) => void;
  readonly onMark: (name: string) => void;
  readonly onClear: () => void;
  /** The other side closed, or the connection broke. Not called when it never opened. */
  readonly onClosed: (code: number, reason: string) => void;
  readonly onFailed: (reason: string) => void;
  /** The platform sent something that the real carrier would have answered with an error or dropped. */
  readonly onViolation: (what: string) => void;
}

export interface MediaStreamOptions {
  readonly url: string;
  readonly authToken?: string | undefined;
  readonly callControlId: string;
  readonly callSessionId: string;
  readonly from: string;
  readonly to: string;
  readonly clientState?: string | undefined;
  readonly customParameters: Readonly<Record<string, string>>;
  readonly encoding: 'PCMU' | 'PCMA';
  readonly track: string;
  /** Raw audio is taken only in `rtp` mode; in any other it is dropped without a word, as the real carrier does. */
  readonly bidirectionalMode: string;
}

export type OpenMediaStream = (o: MediaStreamOptions, on: MediaStreamEvents) => MediaStream;
