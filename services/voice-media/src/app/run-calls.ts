import { AsyncLocalStorage } from 'node:async_hooks';
import type { Codec } from '@wardline/audio';
import { withSpan, type Logger } from '@wardline/observability';
import type { PacingClock } from '../pipeline/pacing-clock.ts';
import type { CarrierLine } from '../ports/carrier-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallFacts, Dialogue } from '../ports/dialogue.ts';
import type { Speech } from '../ports/speech.ts';
import type { CallMetrics } from '../telemetry/call-metrics.ts';
import { attributeNames, spanNames } from '../telemetry/names.ts';
import { CallConductor } from './conduct-call.ts';

export interface CallRequest {
  readonly facts: CallFacts;
  readonly traceparent: string | undefined;
  readonly line: CarrierLine;
  readonly codec: Codec;
}

/** A call that runs; `close` is idempotent. */
export interface RunningCall {
  onChunk: CallConductor['onChunk'];
  onMark: CallConductor['onMark'];
  onDigit: CallConductor['onDigit'];
  onCarrierStopped(): void;
  close(): void;
}

/** Starts calls: each under its own span (child of the call's trace) and on the common pacing clock. */
export function createCallRunner(o: {
  clock: Clock;
  logger: Logger;
  metrics: CallMetrics;
  pacing: PacingClock;
  speech: Speech;
  dialogue: Dialogue;
  leadMs: number;
}) {
  return function startCall(request: CallRequest): RunningCall {
    const { facts, line, codec, traceparent } = request;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    let call: CallConductor | undefined;
    const logger = o.logger.child({ callId: facts.callId });

    const span = withSpan(
      spanNames.call,
      { [attributeNames.callId]: facts.callId, [attributeNames.resumed]: facts.resumed },
      async (active) => {
        // Audio and ticks come from outside the span; what is opened on their behalf belongs into it all the same.
        const inSpan = AsyncLocalStorage.snapshot();
        const dialogue: Dialogue = { open: (...args) => inSpan(() => o.dialogue.open(...args)) };
        call = new CallConductor({ ...o, logger, dialogue, line, codec, facts, onClosed: end });
        call.start();
        o.pacing.add(call);
        o.metrics.calls(1);
        logger.info('call media started', { resumed: facts.resumed, encoding: codec.encoding });
        await over;
        o.pacing.remove(call);
        o.metrics.calls(-1);
        active.setAttribute(attributeNames.turns, call.turns);
        logger.info('call media ended', { turns: call.turns });
      },
      { traceparent },
    );
    span.catch((err: unknown) => {
      logger.error('call media failed', { err });
      line.close(1011, 'call media failed');
    });
    if (call === undefined) throw new Error('the call was not built');
    return call;
  };
}
