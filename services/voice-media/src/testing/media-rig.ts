import { createRecordingLogger } from '@wardline/observability/testing';
import { createServiceTokens } from '@wardline/rpc';
import { compose, type Speech, type VoiceMedia, type VoiceMediaConfig } from '../compose.ts';
import { CarrierPeer } from './carrier-peer.ts';
import { FakeBrain } from './fake-brain.ts';
import { createRecordingMetrics } from './fake-metrics.ts';
import { FakeSpeech } from './fake-speech.ts';
import { signStreamToken, testCall, testKeys } from './stream-token.ts';

/** The service as it runs, on free ports, between a scripted brain and carrier peers. */
export class MediaRig<S extends Speech = FakeSpeech> {
  readonly logger = createRecordingLogger();
  readonly metrics = createRecordingMetrics();
  readonly brain: FakeBrain;
  readonly media: VoiceMedia;
  readonly speech: S;
  readonly #peers: CarrierPeer[] = [];

  private constructor(brain: FakeBrain, speech: S, config: Partial<VoiceMediaConfig>) {
    this.brain = brain;
    this.speech = speech;
    this.media = compose(
      {
        host: '127.0.0.1',
        mediaPort: 0,
        streamKey: testKeys.stream,
        brainUrl: brain.url,
        serviceKey: testKeys.service,
        connectionsMax: 10,
        voice: 'slt',
        leadMs: 80,
        nice: 0,
        startWaitMs: 5_000,
        ...config,
      },
      {
        logger: this.logger,
        tokens: createServiceTokens({ key: testKeys.service, service: 'voice-media' }),
        speech,
        metrics: this.metrics,
      },
    );
  }

  static async start(config?: Partial<VoiceMediaConfig>): Promise<MediaRig>;
  static async start<S extends Speech>(config: Partial<VoiceMediaConfig>, speech: S): Promise<MediaRig<S>>;
  static async start(
    config: Partial<VoiceMediaConfig> = {},
    speech: Speech = new FakeSpeech(),
  ): Promise<MediaRig<Speech>> {
    const brain = new FakeBrain({ serviceKey: testKeys.service, logger: createRecordingLogger() });
    await brain.start();
    const rig = new MediaRig(brain, speech, config);
    await rig.media.start();
    return rig;
  }

  url(token: string | undefined): string {
    const query = token === undefined ? '' : `?token=${token}`;
    return `ws://127.0.0.1:${this.media.mediaPort}/media/telnyx${query}`;
  }

  /** Connected, with a good token, before `start`. */
  async connect(
    token: Parameters<typeof signStreamToken>[0] = {},
    encoding: 'PCMU' | 'PCMA' = 'PCMU',
  ): Promise<CarrierPeer> {
    const peer = await CarrierPeer.connect(this.url(await signStreamToken(token)), encoding);
    this.#peers.push(peer);
    return peer;
  }

  /** A running call whose caller is silent. */
  async call(encoding: 'PCMU' | 'PCMA' = 'PCMU', claims: Record<string, unknown> = {}): Promise<CarrierPeer> {
    const before = this.brain.conversations.length;
    const peer = await this.connect({ claims }, encoding);
    peer.start(testCall.callControlId);
    peer.streamAudio();
    await peer.until(() => this.brain.conversations.length > before);
    return peer;
  }

  async stop(): Promise<void> {
    for (const peer of this.#peers) peer.vanish();
    await this.media.stop(1_000);
    await this.brain.close();
  }
}
