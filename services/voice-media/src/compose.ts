import { dialogue } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { createRpcClient, type ServiceTokens } from '@wardline/rpc';
import { composeLifecycle, type Component } from '@wardline/service-runtime';
import { raiseThreadPriority } from './adapters/process/thread-priority.ts';
import { createRpcDialogue } from './adapters/brain/rpc-dialogue.ts';
import { createLocalSpeech } from './adapters/local-speech/local-speech.ts';
import { createCallRunner } from './app/run-calls.ts';
import type { VoiceMediaConfig } from './config.ts';
import { createMediaServer } from './entrypoints/media-server.ts';
import { createStreamGate } from './entrypoints/stream-token.ts';
import { PacingClock } from './pipeline/pacing-clock.ts';
import { systemClock, type Clock } from './ports/clock.ts';
import type { Speech } from './ports/speech.ts';
import { createCallMetrics, type CallMetrics } from './telemetry/call-metrics.ts';

export { parseConfig, type VoiceMediaConfig } from './config.ts';
export type { Speech } from './ports/speech.ts';

export interface VoiceMediaDeps {
  readonly logger: Logger;
  /** Of service `voice-media`. */
  readonly tokens: ServiceTokens;
  /** Default: embedded speech. */
  readonly speech?: Speech;
  readonly clock?: Clock;
  readonly metrics?: CallMetrics;
}

export interface VoiceMedia {
  /** @throws LocalSpeechMissing when the embedded engines lack something; its text holds the command that helps */
  start(): Promise<void>;
  stop(deadlineMs?: number): Promise<void>;
  /** The bound port of the media WebSocket, once started. */
  readonly mediaPort: number;
  /** Carrier connections at this moment. */
  readonly connections: number;
}

export function compose(config: VoiceMediaConfig, deps: VoiceMediaDeps): VoiceMedia {
  const { logger } = deps;
  const clock = deps.clock ?? systemClock;
  const metrics = deps.metrics ?? createCallMetrics();
  const speech = deps.speech ?? createLocalSpeech({ voice: config.voice });
  const client = createRpcClient(dialogue.DialogueService, {
    baseUrl: config.brainUrl,
    callee: 'conversation-brain',
    tokens: deps.tokens,
  });
  const runCall = createCallRunner({
    clock,
    logger,
    metrics,
    pacing: new PacingClock({ clock, onLag: metrics.pacingLag }),
    speech,
    dialogue: createRpcDialogue(client),
    leadMs: config.leadMs,
  });
  const server = createMediaServer({
    host: config.host,
    port: config.mediaPort,
    connectionsMax: config.connectionsMax,
    startWaitMs: config.startWaitMs,
    gate: createStreamGate({ key: Buffer.from(config.streamKey, 'base64'), wall: clock.wall }),
    logger,
    metrics,
    startCall: ({ permit, line, codec }) =>
      runCall({ facts: permit.facts, traceparent: permit.traceparent, line, codec }),
  });
  const engines: Component = {
    name: 'speech',
    start: async () => {
      await speech.warmUp();
      raiseThreadPriority(config.nice, logger);
    },
    close: () => speech.close(),
  };
  const brain: Component = {
    name: 'brain-client',
    start: () => Promise.resolve(),
    close: () => Promise.resolve(client.close()),
  };
  const lifecycle = composeLifecycle([engines, brain, server], logger);
  return {
    start: () => lifecycle.start(),
    stop: (deadlineMs) => lifecycle.stop(deadlineMs),
    get mediaPort() {
      return server.port;
    },
    get connections() {
      return server.connections;
    },
  };
}
