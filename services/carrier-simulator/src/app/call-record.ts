import { measureCall, type CallMetrics } from '../domain/measurement.ts';
import type { HangupCause } from '../domain/leg.ts';
import type { CallerLine } from './caller-line.ts';

export interface TimelineEntry {
  /** Milliseconds since the call began to ring. */
  readonly atMs: number;
  readonly untilMs?: number;
  readonly who: 'caller' | 'agent' | 'person' | 'carrier';
  /** Caller: what was said. Agent: what the caller's ear made of it. */
  readonly text: string;
  readonly step?: string;
}

const violationsMax = 50;

/** What is known of a call afterwards. */
export class CallRecord {
  readonly timeline: TimelineEntry[] = [];
  readonly transfers: { readonly to: string; readonly atMs: number; connected: boolean }[] = [];
  readonly violations: string[] = [];
  /** Steps by which the person decided something, and what they had heard. */
  readonly decisions: { decision: string; atMs: number; heard: string; fitted: boolean }[] = [];
  answeredAtMs: number | undefined;
  streams = 0;
  /** Why the leg ended, in the carrier's word. */
  cause: HangupCause | undefined;
  end: { readonly by: string; readonly reason: string; readonly atMs: number } | undefined;
  #transferredAtMs: number | undefined;

  note(atMs: number, who: TimelineEntry['who'], text: string): void {
    this.timeline.push({ atMs, who, text });
  }

  transferConnected(atMs: number): void {
    this.#transferredAtMs ??= atMs;
    const last = this.transfers.at(-1);
    if (last) last.connected = true;
  }

  /** The platform broke the protocol; a run that does so at every frame is noted only so often. */
  violation(what: string): void {
    if (this.violations.length < violationsMax) this.violations.push(what);
  }

  ended(line: CallerLine, by: string, reason: string): void {
    this.end = { by, reason, atMs: line.nowMs };
    this.note(
      line.nowMs,
      by === 'caller' ? 'caller' : by === 'person' ? 'person' : by === 'platform' ? 'agent' : 'carrier',
      `hangs up: ${reason}`,
    );
  }

  metrics(line: CallerLine): CallMetrics {
    const fromMs = this.answeredAtMs ?? line.nowMs;
    return measureCall(line.frames, line.spoken, {
      fromMs,
      toMs: this.#transferredAtMs ?? this.end?.atMs ?? line.nowMs,
    });
  }
}
