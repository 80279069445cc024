/**
 * A call's audio as small ordered processors. Inbound (carrier → caller's turns), built in `inboundChain`:
 *
 *   numbered chunk → order → decode → tee ┬→ ear (pre-roll ring, turn buffer, recogniser)
 *                                         └→ voice activity → turn machine (domain) → effects
 *
 * Outbound (dialogue → carrier) lives in `app/speak-to-caller.ts`, because it is pulled by the pacing clock:
 *
 *   say → clauses (domain) → synthesis → encode, frames → playback (domain) → carrier line
 */
import type { Codec } from '@wardline/audio';
import { createChunkOrder, type NumberedChunk } from './order-chunks.ts';

/** One step. It may emit none, one or several frames for each that comes in, in order and before it returns. */
export type Processor<In, Out> = (frame: In, emit: (frame: Out) => void) => void;

export function chain<A, B, C>(first: Processor<A, B>, second: Processor<B, C>): Processor<A, C> {
  return (frame, emit) => first(frame, (between) => second(between, emit));
}

/** What two consumers hear, hears the first one first. */
export function tee<T>(...sinks: readonly ((frame: T) => void)[]): (frame: T) => void {
  return (frame) => {
    for (const sink of sinks) sink(frame);
  };
}

export function inboundChain(o: {
  codec: Codec;
  onDropped: (reason: 'late' | 'lost') => void;
  sinks: readonly ((samples: Int16Array) => void)[];
}): (chunk: NumberedChunk) => void {
  const toSamples: Processor<NumberedChunk, Int16Array> = chain(
    createChunkOrder(o.onDropped),
    (payload, emit) => emit(o.codec.decode(payload)),
  );
  const out = tee(...o.sinks);
  return (chunk) => toSamples(chunk, out);
}
