import type { CallMetrics } from '../telemetry/call-metrics.ts';

/** Keeps every figure by name. */
export function createRecordingMetrics(): CallMetrics & { readonly seen: Map<string, unknown[]> } {
  const seen = new Map<string, unknown[]>();
  const keep =
    (name: string) =>
    (value?: unknown): void => {
      const values = seen.get(name) ?? [];
      values.push(value);
      seen.set(name, values);
    };
  return {
    seen,
    framesIn: keep('framesIn'),
    framesOut: keep('framesOut'),
    framesDropped: keep('framesDropped'),
    pacingLag: keep('pacingLag'),
    gap: keep('gap'),
    turnLatency: keep('turnLatency'),
    interruptionLatency: keep('interruptionLatency'),
    bargeIn: keep('bargeIn'),
    voiceActivityLate: keep('voiceActivityLate'),
    synthesis: keep('synthesis'),
    recognitionWait: keep('recognitionWait'),
    speculation: keep('speculation'),
    calls: keep('calls'),
    socketRefused: keep('socketRefused'),
    eventIgnored: keep('eventIgnored'),
    filler: keep('filler'),
    dialogueReconnect: keep('dialogueReconnect'),
  };
}
