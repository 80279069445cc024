import type { HangupCause, Leg } from './leg.ts';

/** The events of Call Control as the carrier words them, with every documented field of their payloads. */
export interface CarrierEvent {
  readonly eventType: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface StreamFacts {
  readonly streamId: string;
  readonly streamUrl: string;
  readonly track: string;
}

export interface QualityFacts {
  readonly inboundPackets: number;
  readonly outboundPackets: number;
  readonly outboundSkipped: number;
}

function common(leg: Leg): Record<string, unknown> {
  return {
    call_control_id: leg.callControlId,
    call_leg_id: leg.callLegId,
    call_session_id: leg.callSessionId,
    connection_id: leg.connectionId,
    client_state: leg.clientState ?? null,
    from: leg.from,
    to: leg.to,
  };
}

const callOf = (leg: Leg) => ({
  start_time: leg.startedAt.toISOString(),
  tags: [],
  custom_headers: [],
  sip_headers: [],
});

export function callInitiated(leg: Leg, codec: 'PCMU' | 'PCMA'): CarrierEvent {
  return {
    eventType: 'call.initiated',
    payload: {
      ...common(leg),
      ...callOf(leg),
      direction: leg.direction,
      state: leg.direction === 'incoming' ? 'parked' : 'bridging',
      caller_id_name: leg.from,
      calling_party_type: 'pstn',
      offered_codecs: codec === 'PCMU' ? 'PCMU,PCMA' : 'PCMA,PCMU',
      connection_codecs: 'PCMU,PCMA,G722',
      shaken_stir_attestation: 'A',
      shaken_stir_validated: true,
      call_screening_result: null,
    },
  };
}

export const callAnswered = (leg: Leg, codec: 'PCMU' | 'PCMA'): CarrierEvent => ({
  eventType: 'call.answered',
  payload: { ...common(leg), ...callOf(leg), state: 'answered', codec, sampling_rate: 8000 },
});

export const callBridged = (leg: Leg): CarrierEvent => ({
  eventType: 'call.bridged',
  payload: { ...common(leg), start_time: leg.startedAt.toISOString() },
});

export const dtmfReceived = (leg: Leg, digit: string): CarrierEvent => ({
  eventType: 'call.dtmf.received',
  payload: { ...common(leg), digit },
});

export function callHangup(
  leg: Leg,
  end: {
    readonly cause: HangupCause;
    readonly source: 'caller' | 'callee' | 'unknown';
    readonly quality: QualityFacts;
  },
): CarrierEvent {
  const sip: Partial<Record<HangupCause, string>> = {
    call_rejected: '603',
    user_busy: '486',
    no_answer: '480',
    timeout: '408',
    not_found: '404',
    originator_cancel: '487',
  };
  return {
    eventType: 'call.hangup',
    payload: {
      ...common(leg),
      ...callOf(leg),
      state: 'hangup',
      hangup_cause: end.cause,
      hangup_source: end.source,
      sip_hangup_cause: sip[end.cause] ?? '200',
      end_time: (leg.endedAt ?? leg.startedAt).toISOString(),
      call_quality_stats: {
        inbound: {
          jitter_max_variance: '0.00',
          jitter_packet_count: '0',
          mos: '4.50',
          packet_count: String(end.quality.inboundPackets),
          skip_packet_count: '0',
        },
        outbound: {
          packet_count: String(end.quality.outboundPackets),
          skip_packet_count: String(end.quality.outboundSkipped),
        },
      },
    },
  };
}

export const streamingStarted = (leg: Leg, stream: StreamFacts): CarrierEvent => ({
  eventType: 'streaming.started',
  payload: { ...common(leg), stream_id: stream.streamId, stream_url: stream.streamUrl },
});

export const streamingStopped = (leg: Leg, stream: StreamFacts): CarrierEvent => ({
  eventType: 'streaming.stopped',
  payload: { ...common(leg), stream_id: stream.streamId, stream_url: stream.streamUrl },
});

export const streamingFailed = (leg: Leg, stream: StreamFacts, reason: string): CarrierEvent => ({
  eventType: 'streaming.failed',
  payload: {
    ...common(leg),
    failure_reason: reason,
    stream_id: stream.streamId,
    stream_type: 'websocket',
    stream_params: { stream_url: stream.streamUrl, track: stream.track },
  },
});

/** What picked up, and where it is a machine, that its greeting is over. */
export const machineEvent = (
  leg: Leg,
  what: 'detection' | 'greeting',
  premium: boolean,
  result: string,
): CarrierEvent => ({
  eventType: `call.machine.${premium ? 'premium.' : ''}${what}.ended`,
  payload: { ...common(leg), result },
});
