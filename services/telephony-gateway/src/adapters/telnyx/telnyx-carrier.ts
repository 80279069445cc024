import CircuitBreaker from 'opossum';
import Telnyx from 'telnyx';
import { clientStateOf } from './client-state.ts';
import type { CarrierControl, CommandResult, DialResult, LegStatus } from '../../ports/carrier-control.ts';

/** A caller is waiting: what takes longer is repeated rather than waited for. */
const DEADLINE_MS = 3_000;
/** Error codes of a command for a leg that has ended or is not known any more. */
/** Refused because of the number that was to be called: it is none, or not one of E.164. */
const CODES_INVALID_NUMBER = new Set(['10002', '10016']);
const CODES_GONE = new Set(['90018', '10005']);

/** What both `answer` and `streaming_start` need, so that our audio is heard and the right side is listened to. */
const streamOf = (streamUrl: string) =>
  ({
    stream_url: streamUrl,
    stream_track: 'inbound_track',
    // Without it the carrier expects MP3 and drops what we send, silently.
    stream_bidirectional_mode: 'rtp',
    stream_bidirectional_codec: 'PCMU',
  }) as const;

export interface TelnyxCarrierOptions {
  readonly apiKey: string;
  /** Base URL with the version: `https://api.telnyx.com/v2`. */
  readonly apiBase: string;
  /** The Call Control application that calls are made with. */
  readonly connectionId: string;
  readonly deadlineMs?: number;
  /** How long an open circuit refuses at once before one command is let through to try. */
  readonly breakerResetMs?: number;
}

/** Telnyx Call Control v2 through its own SDK, each command with a deadline and behind one circuit breaker. */
export function createTelnyxCarrier(o: TelnyxCarrierOptions): CarrierControl & { close(): void } {
  const timeout = o.deadlineMs ?? DEADLINE_MS;
  // The SDK's own retries would hide behind the deadline; repeating is the stored command's business.
  const telnyx = new Telnyx({ apiKey: o.apiKey, baseURL: o.apiBase, timeout, maxRetries: 0 });
  const breaker = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
    // The SDK's timeout does not cover reading the answer's body.
    timeout: timeout + 500,
    errorThresholdPercentage: 50,
    volumeThreshold: 10,
    rollingCountTimeout: 10_000,
    resetTimeout: o.breakerResetMs ?? 2_000,
    // A refusal is an answer: the carrier is well.
    errorFilter: (error: unknown) => isAnswer(error),
  });

  const command = async (work: () => Promise<unknown>): Promise<CommandResult> => {
    try {
      await breaker.fire(work);
      return { kind: 'accepted' };
    } catch (error) {
      const code = codeOf(error);
      if (!isAnswer(error)) return { kind: 'unavailable', code };
      return CODES_GONE.has(code) ? { kind: 'gone' } : { kind: 'refused', code };
    }
  };
  const { actions } = telnyx.calls;

  /** The carrier's answer to a dial, or why there is none. */
  const dial = async (work: () => Promise<Telnyx.CallDialResponse>): Promise<DialResult> => {
    let data: Telnyx.CallDialResponse['data'];
    const result = await command(async () => ({ data } = await work()));
    if (result.kind === 'gone') return { kind: 'refused', code: 'gone' };
    if (result.kind === 'refused' && CODES_INVALID_NUMBER.has(result.code))
      return { kind: 'refused', code: 'invalid-number' };
    if (result.kind !== 'accepted') return result;
    // Taken, yet without the leg's name: its webhooks will tell it.
    if (!data?.call_control_id) return { kind: 'unavailable', code: 'no-data' };
    return {
      kind: 'accepted',
      callControlId: data.call_control_id,
      callSessionId: data.call_session_id || undefined,
    };
  };

  return {
    answer: (leg, { commandId, streamUrl, clientState }) =>
      command(() =>
        actions.answer(leg, {
          command_id: commandId,
          client_state: Buffer.from(clientState).toString('base64'),
          ...streamOf(streamUrl),
        }),
      ),
    reject: (leg, { commandId }) =>
      command(() => actions.reject(leg, { command_id: commandId, cause: 'CALL_REJECTED' })),
    startStream: (leg, { commandId, streamUrl }) =>
      command(() => actions.startStreaming(leg, { command_id: commandId, ...streamOf(streamUrl) })),
    stopStream: (leg, { commandId }) => command(() => actions.stopStreaming(leg, { command_id: commandId })),
    transfer: (leg, { commandId, to, ringSecs }) =>
      command(() => actions.transfer(leg, { command_id: commandId, to, timeout_secs: ringSecs })),
    hangUp: (leg, { commandId }) => command(() => actions.hangup(leg, { command_id: commandId })),

    dial: ({ commandId, callId, from, to, ringSecs, callSecsMax }) =>
      dial(() =>
        telnyx.calls.dial({
          connection_id: o.connectionId,
          command_id: commandId,
          client_state: clientStateOf(callId),
          from,
          to: to.reveal(),
          timeout_secs: ringSecs,
          time_limit_secs: callSecsMax,
          answering_machine_detection: 'premium',
        }),
      ),

    async status(leg): Promise<LegStatus> {
      try {
        const answer = (await breaker.fire(() =>
          telnyx.calls.retrieveStatus(leg),
        )) as Telnyx.CallRetrieveStatusResponse;
        if (answer.data === undefined) return { kind: 'unknown', code: 'no-data' };
        return { kind: answer.data.is_alive ? 'alive' : 'gone' };
      } catch (error) {
        // Only the carrier's clear word ends a call here: a wrong key must not make every call look over.
        const code = codeOf(error);
        const gone = error instanceof Telnyx.APIError && error.status === 404;
        return gone || CODES_GONE.has(code) ? { kind: 'gone' } : { kind: 'unknown', code };
      }
    },
    close: () => breaker.shutdown(),
  };
}

/** Whether the carrier understood and decided, in contrast to not answering, failing or being overloaded. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof Telnyx.APIError)) return false;
  const status = error.status as number | undefined;
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** `{errors:[{code}]}` of the carrier, else the HTTP status, else the failure's own name. Never its text. */
function codeOf(error: unknown): string {
  if (error instanceof Telnyx.APIError) {
    const body = error.error as { errors?: { code?: unknown }[] } | undefined;
    const code = body?.errors?.[0]?.code;
    if (typeof code === 'string' || typeof code === 'number') return String(code);
    if (error.status !== undefined) return `http-${String(error.status)}`;
    return error.name === 'Error' ? error.constructor.name : error.name;
  }
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unexpected';
}
