import type { Line } from '../domain/effects.ts';

/** Those who watch calls as they happen. What is published is lost when nobody watches. Fake: `FakeLiveView`. */
export interface LiveView {
  /** What has been recognised so far of a turn; only the newest matters. */
  partial(tenantId: string, callId: string, o: { turn: number; text: string }): void;
  line(tenantId: string, callId: string, line: Line): void;
}
