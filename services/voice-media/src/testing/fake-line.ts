import type { CarrierLine } from '../ports/carrier-line.ts';

export type LineEntry =
  | { readonly kind: 'frame'; readonly at: number; readonly frame: Uint8Array }
  | { readonly kind: 'mark'; readonly at: number; readonly name: string }
  | { readonly kind: 'clear'; readonly at: number }
  | { readonly kind: 'close'; readonly at: number; readonly code: number; readonly reason: string };

/** Records what goes to the carrier, with instants. */
export class FakeLine implements CarrierLine {
  readonly entries: LineEntry[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  sendFrame(frame: Uint8Array): void {
    this.entries.push({ kind: 'frame', at: this.#now(), frame });
  }

  sendMark(name: string): void {
    this.entries.push({ kind: 'mark', at: this.#now(), name });
  }

  sendClear(): void {
    this.entries.push({ kind: 'clear', at: this.#now() });
  }

  close(code: number, reason: string): void {
    this.entries.push({ kind: 'close', at: this.#now(), code, reason });
  }

  of<K extends LineEntry['kind']>(kind: K): Extract<LineEntry, { kind: K }>[] {
    return this.entries.filter((entry): entry is Extract<LineEntry, { kind: K }> => entry.kind === kind);
  }
}
