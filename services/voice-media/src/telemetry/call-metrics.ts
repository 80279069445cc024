import { meter } from '@wardline/observability';
import { metricNames } from './names.ts';

/** What the audio loop counts. One object for the process; tests hand in their own. */
export interface CallMetrics {
  framesIn(count: number): void;
  framesOut(count: number): void;
  framesDropped(reason: 'late' | 'lost' | 'other-track'): void;
  pacingLag(ms: number): void;
  gap(ms: number): void;
  turnLatency(ms: number): void;
  interruptionLatency(ms: number): void;
  bargeIn(outcome: 'taken' | 'false-alarm' | 'key'): void;
  voiceActivityLate(): void;
  synthesis(ms: number): void;
  recognitionWait(ms: number): void;
  speculation(outcome: 'kept' | 'resumed'): void;
  calls(change: 1 | -1): void;
  socketRefused(reason: string): void;
  eventIgnored(): void;
  filler(): void;
  dialogueReconnect(): void;
}

export function createCallMetrics(): CallMetrics {
  const m = meter('voice-media');
  const ms = { unit: 'ms' };
  const framesIn = m.createCounter(metricNames.framesIn);
  const framesOut = m.createCounter(metricNames.framesOut);
  const framesDropped = m.createCounter(metricNames.framesDropped);
  const pacingLag = m.createHistogram(metricNames.pacingLag, ms);
  const gaps = m.createCounter(metricNames.gaps);
  const turnLatency = m.createHistogram(metricNames.turnLatency, ms);
  const interruptionLatency = m.createHistogram(metricNames.interruptionLatency, ms);
  const bargeIns = m.createCounter(metricNames.bargeIns);
  const voiceActivityLate = m.createCounter(metricNames.voiceActivityLate);
  const synthesis = m.createHistogram(metricNames.synthesis, ms);
  const recognitionWait = m.createHistogram(metricNames.recognitionWait, ms);
  const speculations = m.createCounter(metricNames.speculations);
  const calls = m.createUpDownCounter(metricNames.calls);
  const socketsRefused = m.createCounter(metricNames.socketsRefused);
  const eventsIgnored = m.createCounter(metricNames.eventsIgnored);
  const fillers = m.createCounter(metricNames.fillers);
  const reconnects = m.createCounter(metricNames.dialogueReconnects);
  return {
    framesIn: (count) => framesIn.add(count),
    framesOut: (count) => framesOut.add(count),
    framesDropped: (reason) => framesDropped.add(1, { reason }),
    pacingLag: (value) => pacingLag.record(value),
    gap: (value) => {
      if (value > gapMsTolerated) gaps.add(1);
    },
    turnLatency: (value) => turnLatency.record(value),
    interruptionLatency: (value) => interruptionLatency.record(value),
    bargeIn: (outcome) => bargeIns.add(1, { outcome }),
    voiceActivityLate: () => voiceActivityLate.add(1),
    synthesis: (value) => synthesis.record(value),
    recognitionWait: (value) => recognitionWait.record(value),
    speculation: (outcome) => speculations.add(1, { outcome }),
    calls: (change) => calls.add(change),
    socketRefused: (reason) => socketsRefused.add(1, { reason }),
    eventIgnored: () => eventsIgnored.add(1),
    filler: () => fillers.add(1),
    dialogueReconnect: () => reconnects.add(1),
  };
}

/** Shorter ones are not heard as a break in a word. */
export const gapMsTolerated = 40;
