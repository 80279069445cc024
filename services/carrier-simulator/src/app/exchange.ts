import type { Logger } from '@wardline/observability';
import {
  callEnded,
  invalidNumber,
  invalidParameter,
  numberNotE164,
  tooManyRequests,
  unknownCall,
  type CommandError,
} from '../domain/command-errors.ts';
import { legStatus, type Leg } from '../domain/leg.ts';
import { conductFor, planFor } from '../people/persona.ts';
import { behaviourAt, type Person } from '../people/person.ts';
import { notAllowed, type Register } from '../people/register.ts';
import { truthOf } from '../people/truth.ts';
import type { Behaviour } from '../domain/callee.ts';
import type { CallerEar } from '../ports/caller-ear.ts';
import type { CallerVoice } from '../ports/caller-voice.ts';
import type { LineClock } from '../ports/line-clock.ts';
import type { OpenMediaStream } from '../ports/media-stream.ts';
import type { WebhookLane, WebhookSender } from '../ports/webhook-sender.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { commandBodies, dialBody, type CommandName, type DialBody } from './call-commands.ts';
import { CallRecord } from './call-record.ts';
import { CallSession } from './call-session.ts';
import { CallerLine } from './caller-line.ts';
import { DialDesk, type Dialled } from './dial-desk.ts';
import { MachineDetection } from './machine-detection.ts';
import { newLeg } from './new-leg.ts';
import { prepareLines, type PreparedLine } from './prepare-lines.ts';

export interface ExchangeDeps {
  readonly clock: LineClock;
  readonly webhooks: WebhookSender;
  readonly openMedia: OpenMediaStream;
  readonly voice: CallerVoice;
  readonly ear: CallerEar;
  readonly logger: Logger;
  readonly webhookUrl: string;
  readonly codec: 'PCMU' | 'PCMA';
  readonly callsMax: number;
  /** Dial commands per second that the carrier takes; 0: any number. */
  readonly callsPerSecondMax: number;
  readonly register: Register;
}

export interface PlacedCall {
  readonly session: CallSession;
  readonly lane: WebhookLane;
  readonly scenario: Scenario;
}

interface OpenCall extends PlacedCall {
  detection?: MachineDetection;
  /** The call is over, and all that was heard in it is understood. */
  onSettled?: () => void;
}

export class ExchangeFull extends Error {
  readonly code = 'exchange-full';
}

/** Ended calls that are kept with their audio: about 2 MB for each minute. */
const endedCallsKept = 60;
const commandMemoryMs = 60_000;
const commandsKeptMax = 20_000;

/** All calls of this carrier, and the commands upon them. */
export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #calls = new Map<string, OpenCall>();
  readonly #commands = new Map<string, { readonly at: number; readonly error: CommandError | undefined }>();
  readonly #stops = new Set<() => void>();

  readonly #desk: DialDesk;

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
    this.#desk = new DialDesk(deps.callsPerSecondMax, () => performance.now());
  }

  limitCallsPerSecond(max: number): void {
    this.#desk.limit(max);
  }

  get liveCalls(): number {
    return [...this.#calls.values()].filter((c) => !c.session.ended).length;
  }

  find(callControlId: string): PlacedCall | undefined {
    return this.#calls.get(callControlId);
  }

  /** @throws ExchangeFull, LineUnusable */
  async place(o: { scenario: Scenario; from: string; to: string }): Promise<PlacedCall> {
    if (this.liveCalls >= this.#deps.callsMax)
      throw new ExchangeFull(`${this.#deps.callsMax} calls are live`);
    const lines = await prepareLines(o.scenario, this.#deps.voice);
    const call = this.#open(newLeg({ direction: 'incoming', from: o.from, to: o.to }), o.scenario, lines);
    call.session.ring();
    return call;
  }

  /** @throws ExchangeFull */
  dial(body: unknown): Dialled {
    const parsed = dialBody.safeParse(body);
    if (!parsed.success) return { error: firstProblem(parsed.error.issues) };
    const to = Array.isArray(parsed.data.to) ? parsed.data.to[0]! : parsed.data.to;
    const known = this.#desk.madeBy(parsed.data.command_id);
    if (known) return { leg: known, answerDelayMs: 0 };
    if (!this.#desk.admit()) return { error: tooManyRequests };
    if (!/^\+\d{8,15}$/.test(to)) return { error: numberNotE164 };
    if (this.liveCalls >= this.#deps.callsMax)
      throw new ExchangeFull(`${this.#deps.callsMax} calls are live`);
    const { person, behaviour, nth } = this.#deps.register.reach(to);
    if (behaviour === 'refused') return { error: invalidNumber };
    const leg = newLeg({
      direction: 'outgoing',
      from: parsed.data.from,
      to,
      clientState: parsed.data.client_state,
      webhookUrl: parsed.data.webhook_url,
      connectionId: parsed.data.connection_id,
    });
    this.#desk.made(parsed.data.command_id, leg);
    this.#ringOut(leg, parsed.data, person, behaviour, nth);
    return { leg, answerDelayMs: person.dialAnswerDelayMs };
  }

  #ringOut(leg: Leg, body: DialBody, person: Person, behaviour: Behaviour, nth: number): void {
    const overlapped = [...this.#calls.values()]
      .filter((c) => !c.session.ended && c.session.leg.to === leg.to)
      .map((c) => c.session.leg.callControlId);
    // A phone that is in use is busy, whatever its owner would have done.
    const conduct = conductFor(person, overlapped.length > 0 ? 'busy' : behaviour);
    const scenario = planFor(person, behaviour, nth);
    const call = this.#open(leg, scenario, new Map());
    const { session } = call;
    let ready = false;
    // It may ring meanwhile: the carrier's answer to the command does not wait for a voice to be made.
    prepareLines(scenario, this.#deps.voice).then(
      (lines) => {
        session.line.learn(lines);
        ready = true;
      },
      (error: unknown) => {
        this.#deps.logger.error('a person has no voice', { err: error });
        session.end('unspecified', 'carrier', 'the person has no voice');
      },
    );
    const truth = this.#deps.register.keep(leg.callControlId, leg.to, () =>
      truthOf({
        id: leg.callControlId,
        person,
        behaviour: conduct.behaviour,
        nth,
        from: leg.from,
        dialledAt: leg.startedAt,
        notAllowed: notAllowed(person, leg.startedAt),
        overlapped,
        record: session.record,
        frames: session.line.frames,
        spoken: session.line.spoken,
      }),
    );
    call.onSettled = () => truth.settle();
    call.detection = new MachineDetection({
      mode: body.answering_machine_detection,
      verdict: conduct.detection,
      isMachine: behaviour === 'machine',
      beeps: scenario.steps.some((s) => s.id === 'beep'),
      after: (ms, run) => session.after(ms, run),
      tell: (what, premium, result) => session.detected(what, premium, result),
    });
    session.ringOut({
      conduct,
      timeoutMs: body.timeout_secs * 1_000,
      timeoutCause: body.retry_on_timeout === false ? 'no_answer' : 'timeout',
      timeLimitMs: body.time_limit_secs * 1_000,
      stream: body,
      detection: call.detection,
      isReady: () => ready,
    });
  }

  /** The status of a leg, whether the caller's or a person's. */
  status(callControlId: string): Record<string, unknown> | undefined {
    const found = this.#legOf(callControlId);
    return found && legStatus(found.leg, new Date());
  }

  command(callControlId: string, name: CommandName, body: unknown): CommandError | undefined {
    const found = this.#legOf(callControlId);
    if (!found) return unknownCall;
    const parsed = commandBodies[name].safeParse(body ?? {});
    if (!parsed.success) return firstProblem(parsed.error.issues);
    const commandId = parsed.data.command_id;
    const memory = commandId === undefined ? undefined : `${callControlId} ${commandId}`;
    const known = memory === undefined ? undefined : this.#commands.get(memory);
    if (known && performance.now() - known.at < commandMemoryMs) return known.error;
    const error = found.leg.state === 'ended' ? callEnded : execute(found, name, body ?? {});
    if (memory !== undefined) this.#remember(memory, error);
    found.call.session.record.note(
      found.call.session.line.nowMs,
      'carrier',
      `command ${name}${error ? `: refused, ${error.code} ${error.detail}` : ''}`,
    );
    return error;
  }

  close(): void {
    for (const call of this.#calls.values())
      call.session.end('unspecified', 'carrier', 'the carrier is shutting down');
    for (const stop of this.#stops) stop();
  }

  #open(leg: Leg, scenario: Scenario, lines: ReadonlyMap<number, PreparedLine>): OpenCall {
    const codec = scenario.codec ?? this.#deps.codec;
    const ear = this.#deps.ear.open(leg.direction === 'incoming' ? 'a-receptionist' : 'their-hospital');
    const lane = this.#deps.webhooks.openLane(scenario.webhooks, scenario.seed);
    const record = new CallRecord();
    const line = new CallerLine({
      scenario,
      lines,
      codec,
      ear,
      on: {
        onDigit: (digit) => session.pressKey(digit),
        onHangUp: (reason) => session.end('normal_clearing', 'caller', reason),
        onSaid: (entry) => {
          record.timeline.push(entry);
          if (entry.step !== undefined) call.detection?.said(entry.step);
        },
        onStep: (step, { atMs, heard, fitted }) => {
          if (step.decides !== undefined)
            record.decisions.push({ decision: step.decides, atMs, heard, fitted });
        },
      },
    });
    const session = new CallSession({
      leg,
      scenario,
      line,
      record,
      deps: {
        openMedia: this.#deps.openMedia,
        lane,
        logger: this.#deps.logger.child({ call: leg.callLegId }),
        webhookUrl: this.#deps.webhookUrl,
        codec,
        conductAt: (number) => {
          const person = this.#deps.register.known(number);
          return person && conductFor(person, behaviourAt(person, 0));
        },
        onEnded: () => {
          stop();
          void line.settled().then(() => {
            ear.close();
            call.onSettled?.();
          });
          this.#forgetOldest();
        },
      },
    });
    const unsubscribe = this.#deps.clock.subscribe(() => session.tick());
    const stop = () => {
      unsubscribe();
      this.#stops.delete(stop);
    };
    this.#stops.add(stop);
    const call: OpenCall = { session, lane, scenario };
    this.#calls.set(leg.callControlId, call);
    return call;
  }

  #legOf(callControlId: string): { call: PlacedCall; leg: Leg; isPerson: boolean } | undefined {
    const call = this.#calls.get(callControlId);
    if (call) return { call, leg: call.session.leg, isPerson: false };
    for (const other of this.#calls.values()) {
      const person = other.session.person;
      if (person?.callControlId === callControlId) return { call: other, leg: person, isPerson: true };
    }
    return undefined;
  }

  #remember(memory: string, error: CommandError | undefined): void {
    this.#commands.set(memory, { at: performance.now(), error });
    if (this.#commands.size > commandsKeptMax) {
      const oldest = this.#commands.keys().next().value;
      if (oldest !== undefined) this.#commands.delete(oldest);
    }
  }

  #forgetOldest(): void {
    const ended = [...this.#calls].filter(([, c]) => c.session.ended);
    for (const [id] of ended.slice(0, Math.max(0, ended.length - endedCallsKept))) this.#calls.delete(id);
  }
}

function execute(
  found: { call: PlacedCall; isPerson: boolean },
  name: CommandName,
  body: unknown,
): CommandError | undefined {
  const { session } = found.call;
  if (found.isPerson) {
    return name === 'hangup'
      ? session.hangUpPerson()
      : invalidParameter('/', `${name} is not simulated on a transferred leg`);
  }
  switch (name) {
    case 'answer':
      return session.answer(commandBodies.answer.parse(body));
    case 'reject':
      return session.reject(commandBodies.reject.parse(body));
    case 'hangup':
      return session.hangUp(commandBodies.hangup.parse(body));
    case 'transfer':
      return session.transfer(commandBodies.transfer.parse(body));
    case 'streaming_start':
      return session.startStreaming(commandBodies.streaming_start.parse(body));
    case 'streaming_stop':
      return session.stopStreaming(commandBodies.streaming_stop.parse(body));
    default:
      return name satisfies never;
  }
}

function firstProblem(issues: readonly { path: PropertyKey[]; message: string }[]): CommandError {
  const issue = issues[0];
  return invalidParameter(
    `/${issue?.path.map(String).join('/') ?? ''}`,
    issue?.message ?? 'the body is not valid',
  );
}
