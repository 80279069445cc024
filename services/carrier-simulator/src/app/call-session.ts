import type { Logger } from '@wardline/observability';
import { pickupOf, type Conduct } from '../domain/callee.ts';
import { callEnded, wrongState, type CommandError } from '../domain/command-errors.ts';
import { legTransition, type HangupCause, type Leg, type LegEvent } from '../domain/leg.ts';
import * as events from '../domain/webhook-events.ts';
import type { CarrierEvent } from '../domain/webhook-events.ts';
import type { MediaStream, OpenMediaStream } from '../ports/media-stream.ts';
import type { WebhookLane } from '../ports/webhook-sender.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { CommandBody, StreamingBody } from './call-commands.ts';
import type { CallerLine } from './caller-line.ts';
import type { CallRecord } from './call-record.ts';
import { newLeg, type DialledLeg } from './new-leg.ts';

export interface SessionDeps {
  readonly openMedia: OpenMediaStream;
  readonly lane: WebhookLane;
  readonly logger: Logger;
  readonly webhookUrl: string;
  readonly codec: 'PCMU' | 'PCMA';
  /** What the person at this number does when a call is transferred to them; undefined: as the scenario says. */
  readonly conductAt: (number: string) => Conduct | undefined;
  readonly onEnded: () => void;
}

type EndedBy = 'caller' | 'platform' | 'person' | 'carrier';

/** Nobody lets it ring for longer. */
const ringMsMax = 30_000;
const unknownEventEveryTicks = 40;

/**
 * One phone call: the caller's leg, the leg of a person it is transferred to, and the media stream. Everything in it is
 * timed by the call's ticks. A stream that breaks is the platform's to restore; the caller stays on the line meanwhile.
 * Commands answer undefined when they are accepted.
 */
export class CallSession {
  leg: Leg;
  person: Leg | undefined;
  readonly record: CallRecord;
  readonly line: CallerLine;
  readonly #scenario: Scenario;
  readonly #deps: SessionDeps;
  #stream:
    { readonly media: MediaStream; readonly url: string; readonly track: string; open: boolean } | undefined;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];
  #ticks = 0;
  #framesIn = 0;
  #framesOut = 0;

  constructor(o: { leg: Leg; scenario: Scenario; line: CallerLine; record: CallRecord; deps: SessionDeps }) {
    this.leg = o.leg;
    this.#scenario = o.scenario;
    this.line = o.line;
    this.record = o.record;
    this.#deps = o.deps;
  }

  get ended(): boolean {
    return this.leg.state === 'ended';
  }

  ring(): void {
    this.#emit(this.leg, events.callInitiated(this.leg, this.#deps.codec));
    this.#after(ringMsMax, () => {
      if (this.leg.state === 'ringing') this.end('originator_cancel', 'caller', 'nobody answered');
    });
  }

  /** It rings at the other end until somebody picks up or refuses, or the time is over. */
  ringOut(o: DialledLeg): void {
    this.#emit(this.leg, events.callInitiated(this.leg, this.#deps.codec));
    this.#after(o.timeoutMs, () => {
      if (this.leg.state === 'ringing') this.end(o.timeoutCause, 'carrier', 'nobody picked up');
    });
    const outcome = pickupOf(o.conduct.behaviour);
    this.#after(o.conduct.ringMs, () => {
      if (this.leg.state !== 'ringing') return;
      if (outcome === 'answered') this.#pickUp(o);
      else this.end(outcome, outcome === 'not_found' ? 'carrier' : 'caller', outcome.replaceAll('_', ' '));
    });
  }

  #pickUp(o: DialledLeg): void {
    if (this.leg.state !== 'ringing') return;
    if (!o.isReady()) return this.#after(100, () => this.#pickUp(o));
    this.#move({ type: 'answered', at: new Date() });
    this.record.answeredAtMs = this.line.nowMs;
    this.record.note(this.line.nowMs, 'caller', 'picks up');
    this.#emit(this.leg, events.callAnswered(this.leg, this.#deps.codec));
    this.line.pickUp();
    this.#after(o.timeLimitMs, () => this.end('time_limit', 'carrier', 'the time limit of the call'));
    o.detection.answered();
    if (o.stream.stream_url !== undefined) this.#openStream({ ...o.stream, stream_url: o.stream.stream_url });
  }

  /** Something the carrier's own detection has found out. */
  detected(what: 'detection' | 'greeting', premium: boolean, result: string): void {
    if (this.ended || this.leg.state === 'ringing') return;
    this.record.note(this.line.nowMs, 'carrier', `machine ${what} ended: ${result}`);
    this.#emit(this.leg, events.machineEvent(this.leg, what, premium, result));
  }

  /** Runs on the call's own clock, and never after its end. */
  after(ms: number, run: () => void): void {
    this.#after(ms, run);
  }

  /** 20 ms of the call. */
  tick(): void {
    if (this.ended) return;
    this.#ticks += 1;
    const { frame, reachedMarks } = this.line.tick();
    const stream = this.#stream;
    if (stream?.open) {
      for (const name of reachedMarks) stream.media.sendMark(name);
      stream.media.sendFrame(frame);
      this.#framesIn += 1;
      if (this.#scenario.media.unknownEvents && this.#ticks % unknownEventEveryTicks === 0)
        stream.media.sendUnknown();
    }
    const due = this.#timers.filter((t) => t.atMs <= this.line.nowMs);
    if (due.length === 0) return;
    this.#timers = this.#timers.filter((t) => t.atMs > this.line.nowMs);
    for (const timer of due) if (!this.ended) timer.run();
  }

  answer(body: CommandBody<'answer'>): CommandError | undefined {
    if (this.leg.state !== 'ringing') return this.#refuse('the call has already been answered');
    this.#take(body);
    this.#move({ type: 'answered', at: new Date() });
    this.record.answeredAtMs = this.line.nowMs;
    this.#emit(this.leg, events.callAnswered(this.leg, this.#deps.codec));
    this.line.pickUp();
    if (body.stream_url !== undefined) this.#openStream({ ...body, stream_url: body.stream_url });
    return undefined;
  }

  reject(body: CommandBody<'reject'>): CommandError | undefined {
    if (this.leg.state !== 'ringing') return this.#refuse('only a ringing call can be rejected');
    this.#take(body);
    this.end(body.cause === 'USER_BUSY' ? 'user_busy' : 'call_rejected', 'platform', 'rejected');
    return undefined;
  }

  hangUp(body: CommandBody<'hangup'>): CommandError | undefined {
    if (this.ended) return callEnded;
    this.#take(body);
    this.end('normal_clearing', 'platform', 'hung up');
    return undefined;
  }

  /** The person's leg, hung up by a command on its own id. */
  hangUpPerson(): CommandError | undefined {
    if (!this.person || this.person.state === 'ended') return callEnded;
    this.#endPerson('normal_clearing', 'caller');
    return undefined;
  }

  startStreaming(body: CommandBody<'streaming_start'>): CommandError | undefined {
    if (this.leg.state === 'ringing') return this.#refuse('the call has not been answered yet');
    if (this.ended) return callEnded;
    if (this.#stream) return this.#refuse('the call is being streamed already');
    this.#take(body);
    this.#openStream(body);
    return undefined;
  }

  stopStreaming(body: CommandBody<'streaming_stop'>): CommandError | undefined {
    if (this.ended) return callEnded;
    if (!this.#stream) return this.#refuse('the call is not being streamed');
    this.#take(body);
    this.#closeStream();
    return undefined;
  }

  transfer(body: CommandBody<'transfer'>): CommandError | undefined {
    if (this.ended) return callEnded;
    if (this.leg.state === 'ringing') return this.#refuse('the call has not been answered yet');
    if (this.person && this.person.state !== 'ended')
      return this.#refuse('the call is being transferred already');
    this.#take(body);
    const person = newLeg({
      direction: 'outgoing',
      from: body.from ?? this.leg.from,
      to: body.to,
      callSessionId: this.leg.callSessionId,
      clientState: body.target_leg_client_state,
      webhookUrl: body.webhook_url ?? this.leg.webhookUrl,
    });
    this.person = person;
    this.record.transfers.push({ to: body.to, atMs: this.line.nowMs, connected: false });
    this.record.note(this.line.nowMs, 'carrier', `transfer to ${body.to}: ringing`);
    this.#emit(person, events.callInitiated(person, this.#deps.codec));
    const timeoutMs = body.timeout_secs * 1000;
    const conduct = this.#deps.conductAt(body.to);
    if (!conduct) {
      const { answer, ringMs, talkMs } = this.#scenario.transfer;
      if (answer) this.#after(ringMs, () => this.#connectPerson(talkMs));
      else this.#after(Math.min(ringMs, timeoutMs), () => this.#endPerson('no_answer', 'callee'));
      return undefined;
    }
    const outcome = pickupOf(conduct.behaviour);
    this.#after(timeoutMs, () => {
      if (this.person === person) this.#endPerson('timeout', 'callee');
    });
    this.#after(conduct.ringMs, () => {
      if (this.person?.callLegId !== person.callLegId) return;
      if (outcome === 'answered') this.#connectPerson(conduct.talkMs);
      else this.#endPerson(outcome, 'callee');
    });
    return undefined;
  }

  /** The caller presses a key: the carrier reports it on both of its ways. */
  pressKey(digit: string): void {
    this.record.note(this.line.nowMs, 'caller', `presses ${digit}`);
    this.#emit(this.leg, events.dtmfReceived(this.leg, digit));
    if (this.#stream?.open) this.#stream.media.sendDtmf(digit);
  }

  /** Ends the whole call. */
  end(cause: HangupCause, by: EndedBy, reason: string): void {
    if (this.ended) return;
    this.line.leave();
    if (this.person && this.person.state !== 'ended')
      this.#endPerson(
        this.person.state === 'ringing' ? 'originator_cancel' : 'normal_clearing',
        'caller',
        false,
      );
    this.#closeStream();
    this.#move({ type: 'ended', at: new Date() });
    this.record.ended(this.line, by, reason);
    this.record.cause = cause;
    // Who calls whom turns round with the leg's direction.
    const ours = (by === 'caller') === (this.leg.direction === 'incoming');
    const source = by === 'carrier' ? 'unknown' : ours ? 'caller' : 'callee';
    this.#emit(
      this.leg,
      events.callHangup(this.leg, {
        cause,
        source,
        quality: { inboundPackets: this.#framesIn, outboundPackets: this.#framesOut, outboundSkipped: 0 },
      }),
    );
    this.#deps.onEnded();
  }

  #connectPerson(talkMs: number): void {
    if (!this.person || this.person.state !== 'ringing' || this.ended) return;
    this.person = legTransition(this.person, { type: 'answered', at: new Date() }) ?? this.person;
    this.#emit(this.person, events.callAnswered(this.person, this.#deps.codec));
    this.person = legTransition(this.person, { type: 'bridged' }) ?? this.person;
    this.#move({ type: 'bridged' });
    this.record.transferConnected(this.line.nowMs);
    this.line.leave();
    this.line.clear();
    this.#closeStream();
    this.#emit(this.leg, events.callBridged(this.leg));
    this.#emit(this.person, events.callBridged(this.person));
    this.record.note(this.line.nowMs, 'person', 'answers and talks to the caller');
    this.#after(talkMs, () => this.#endPerson('normal_clearing', 'callee'));
  }

  /** A bridged caller is hung up with the person, since no command asked for it to be parked. */
  #endPerson(cause: HangupCause, source: 'caller' | 'callee', withCaller = true): void {
    const person = this.person;
    if (!person || person.state === 'ended') return;
    const bridged = person.state === 'bridged';
    this.person = legTransition(person, { type: 'ended', at: new Date() }) ?? person;
    this.record.note(this.line.nowMs, 'person', bridged ? 'hangs up' : `is not reached: ${cause}`);
    this.#emit(
      this.person,
      events.callHangup(this.person, {
        cause,
        source,
        quality: { inboundPackets: 0, outboundPackets: 0, outboundSkipped: 0 },
      }),
    );
    if (bridged && withCaller) this.end('normal_clearing', 'person', 'the person hung up');
  }

  #openStream(body: StreamingBody & { stream_url: string }): void {
    const track = body.stream_track;
    const media = this.#deps.openMedia(
      {
        url: body.stream_url,
        authToken: body.stream_auth_token,
        callControlId: this.leg.callControlId,
        callSessionId: this.leg.callSessionId,
        from: this.leg.from,
        to: this.leg.to,
        clientState: this.leg.clientState,
        customParameters: Object.fromEntries((body.custom_parameters ?? []).map((p) => [p.name, p.value])),
        encoding: this.#deps.codec,
        track,
        bidirectionalMode: body.stream_bidirectional_mode,
      },
      {
        onOpen: () => {
          stream.open = true;
          this.record.streams += 1;
          this.record.note(this.line.nowMs, 'carrier', 'media stream open');
          this.#emit(this.leg, events.streamingStarted(this.leg, factsOf()));
        },
        onMedia: (bytes) => {
          this.#framesOut += Math.ceil(bytes.length / 160);
          this.line.playback.add(bytes);
        },
        onMark: (name) => this.line.playback.mark(name),
        onClear: () => {
          for (const name of this.line.clear()) media.sendMark(name);
        },
        onClosed: (code, reason) => {
          this.#lost(`closed by the platform (${code}${reason === '' ? '' : ` ${reason}`})`);
          this.#emit(this.leg, events.streamingStopped(this.leg, factsOf()));
        },
        onFailed: (reason) => {
          this.#lost(`failed: ${reason}`);
          this.#emit(this.leg, events.streamingFailed(this.leg, factsOf(), reason));
        },
        onViolation: (what) => this.record.violation(what),
      },
    );
    const stream = { media, url: body.stream_url, track, open: false };
    const factsOf = () => ({ streamId: media.streamId, streamUrl: stream.url, track: stream.track });
    this.#stream = stream;
  }

  #lost(how: string): void {
    this.#stream = undefined;
    this.line.clear();
    this.record.note(this.line.nowMs, 'carrier', `media stream ${how}`);
  }

  #closeStream(): void {
    const stream = this.#stream;
    if (!stream) return;
    this.#stream = undefined;
    stream.media.stop();
    this.line.clear();
    if (stream.open)
      this.#emit(
        this.leg,
        events.streamingStopped(this.leg, {
          streamId: stream.media.streamId,
          streamUrl: stream.url,
          track: stream.track,
        }),
      );
  }

  #take(body: { client_state?: string | undefined; webhook_url?: string | undefined }): void {
    this.leg = {
      ...this.leg,
      clientState: body.client_state ?? this.leg.clientState,
      webhookUrl: body.webhook_url ?? this.leg.webhookUrl,
    };
  }

  #refuse(detail: string): CommandError {
    return this.ended ? callEnded : wrongState(detail);
  }

  #move(event: LegEvent): void {
    this.leg = legTransition(this.leg, event) ?? this.leg;
  }

  #after(ms: number, run: () => void): void {
    this.#timers.push({ atMs: this.line.nowMs + ms, run });
  }

  #emit(leg: Leg, event: CarrierEvent): void {
    this.#deps.logger.debug('webhook', { event: event.eventType, leg: leg.callLegId });
    this.#deps.lane.send(event, leg.webhookUrl ?? this.#deps.webhookUrl);
  }
}
