/**
 * One leg of a phone call as the carrier keeps it. The caller's leg is `incoming`; a leg the carrier dials for a
 * transfer or a dial command is `outgoing`. Pure: what happens to the leg is decided here, told to nobody.
 */
export type LegState = 'ringing' | 'answered' | 'bridged' | 'ended';

export type HangupCause =
  | 'call_rejected'
  | 'normal_clearing'
  | 'originator_cancel'
  | 'timeout'
  | 'time_limit'
  | 'user_busy'
  | 'not_found'
  | 'no_answer'
  | 'unspecified';

export interface Leg {
  readonly callControlId: string;
  readonly callLegId: string;
  readonly callSessionId: string;
  readonly connectionId: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly from: string;
  readonly to: string;
  readonly startedAt: Date;
  readonly state: LegState;
  readonly clientState?: string | undefined;
  readonly answeredAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** A command may send the leg's webhooks elsewhere from then on. */
  readonly webhookUrl?: string | undefined;
}

export type LegEvent =
  | { readonly type: 'answered'; readonly at: Date }
  | { readonly type: 'bridged' }
  | { readonly type: 'unbridged' }
  | { readonly type: 'ended'; readonly at: Date };

/** The leg after the event, or undefined when the event cannot happen to it now. */
export function legTransition(leg: Leg, event: LegEvent): Leg | undefined {
  if (leg.state === 'ended') return undefined;
  switch (event.type) {
    case 'answered':
      return leg.state === 'ringing' ? { ...leg, state: 'answered', answeredAt: event.at } : undefined;
    case 'bridged':
      return leg.state === 'answered' ? { ...leg, state: 'bridged' } : undefined;
    case 'unbridged':
      return leg.state === 'bridged' ? { ...leg, state: 'answered' } : undefined;
    case 'ended':
      return { ...leg, state: 'ended', endedAt: event.at };
    default:
      return event satisfies never;
  }
}

/** `data` of `GET /v2/calls/{id}` and of the dial command's answer. */
export function legStatus(leg: Leg, now: Date): Record<string, unknown> {
  const until = leg.endedAt ?? now;
  return {
    record_type: 'call',
    call_control_id: leg.callControlId,
    call_leg_id: leg.callLegId,
    call_session_id: leg.callSessionId,
    client_state: leg.clientState ?? '',
    is_alive: leg.state !== 'ended',
    call_duration: leg.answeredAt
      ? Math.max(0, Math.round((until.getTime() - leg.answeredAt.getTime()) / 1000))
      : 0,
    start_time: leg.startedAt.toISOString(),
    ...(leg.endedAt ? { end_time: leg.endedAt.toISOString() } : {}),
  };
}
