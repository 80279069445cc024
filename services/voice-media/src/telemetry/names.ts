/** Every metric, span and attribute of this service. None carries what was said or who said it. */
export const metricNames = {
  framesIn: 'wardline.media.frames_in',
  framesOut: 'wardline.media.frames_out',
  /** How late the pacing clock ticked, ms. */
  pacingLag: 'wardline.media.pacing_lag',
  /** The carrier ran dry inside an utterance for more than 40 ms. */
  gaps: 'wardline.media.gaps',
  /** Caller's last voiced sample to the first frame of the answer, ms. */
  turnLatency: 'wardline.media.turn_latency',
  /** First voiced window to the clear at the carrier, ms. */
  interruptionLatency: 'wardline.media.interruption_latency',
  /** By `outcome`: taken, false-alarm, key. */
  bargeIns: 'wardline.media.barge_ins',
  /** Voice activity known more than 100 ms after its audio came. */
  voiceActivityLate: 'wardline.media.voice_activity_late',
  synthesis: 'wardline.media.synthesis',
  /** How long a turn waited for its text after its end was decided, ms; 0 when speculation had it. */
  recognitionWait: 'wardline.media.recognition_wait',
  /** By `outcome`: kept, resumed. */
  speculations: 'wardline.media.speculations',
  calls: 'wardline.media.calls',
  /** By `reason`. */
  socketsRefused: 'wardline.media.sockets_refused',
  eventsIgnored: 'wardline.media.events_ignored',
  framesDropped: 'wardline.media.frames_dropped',
  fillers: 'wardline.media.fillers',
  dialogueReconnects: 'wardline.media.dialogue_reconnects',
} as const;

export const spanNames = { call: 'voice-media call' } as const;

export const attributeNames = {
  callId: 'wardline.call_id',
  resumed: 'wardline.resumed',
  closeCode: 'wardline.close_code',
  turns: 'wardline.turns',
} as const;
