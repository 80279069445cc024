/** The way to the carrier of one call, in the carrier's own wire format. Fake: `testing/fake-line.ts`. */
export interface CarrierLine {
  /** One 20 ms frame of codec bytes. */
  sendFrame(frame: Uint8Array): void;
  /** Comes back when everything sent before it has been played. */
  sendMark(name: string): void;
  /** Drops all that the carrier has not played yet. */
  sendClear(): void;
  /** Ends the media connection. */
  close(code: number, reason: string): void;
}
