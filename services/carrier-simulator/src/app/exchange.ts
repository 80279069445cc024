import type { Logger } from '@wardline/observability';
import { callEnded, invalidParameter, unknownCall, type CommandError } from '../domain/command-errors.ts';
import { legStatus, type Leg } from '../domain/leg.ts';
import type { CallerEar } from '../ports/caller-ear.ts';
import type { CallerVoice } from '../ports/caller-voice.ts';
import type { LineClock } from '../ports/line-clock.ts';
import type { OpenMediaStream } from '../ports/media-stream.ts';
import type { WebhookLane, WebhookSender } from '../ports/webhook-sender.ts';
import { parseScenario, type Scenario } from '../scenario/scenario.ts';
import { commandBodies, dialBody, type CommandName } from './call-commands.ts';
import { CallRecord } from './call-record.ts';
import { CallSession, newLeg } from './call-session.ts';
import { CallerLine } from './caller-line.ts';
import { prepareLines } from './prepare-lines.ts';

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
}

export interface PlacedCall {
  readonly session: CallSession;
  readonly lane: WebhookLane;
  readonly scenario: Scenario;
}

export class ExchangeFull extends Error {
  readonly code = 'exchange-full';
}

/** Ended calls that are kept with their audio: about 2 MB for each minute. */
const endedCallsKept = 60;
const commandMemoryMs = 60_000;
const commandsKeptMax = 20_000;

/** Somebody who picks up and says nothing: the other end of a dialled call. */
const quietPerson = {
  name: 'dialled',
  title: 'a dialled person who says nothing',
  steps: [{ id: 'quiet', staySilent: true }],
  expect: { state: 'COMPLETED', outcome: ['NOT_BOOKED'], appointment: 'none', confirmations: 0 },
};

/** All calls of this carrier, and the commands upon them. */
export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #calls = new Map<string, PlacedCall>();
  readonly #commands = new Map<string, { readonly at: number; readonly error: CommandError | undefined }>();
  readonly #stops = new Set<() => void>();

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
  }

  get liveCalls(): number {
    return [...this.#calls.values()].filter((c) => !c.session.ended).length;
  }

  find(callControlId: string): PlacedCall | undefined {
    return this.#calls.get(callControlId);
  }

  /** @throws ExchangeFull, LineUnusable */
  async place(o: { scenario: Scenario; from: string; to: string }): Promise<PlacedCall> {
    const call = await this.#open(newLeg({ direction: 'incoming', from: o.from, to: o.to }), o.scenario);
    call.session.ring();
    return call;
  }

  async dial(body: unknown): Promise<{ error: CommandError } | { leg: Leg }> {
    const parsed = dialBody.safeParse(body);
    if (!parsed.success) return { error: firstProblem(parsed.error.issues) };
    const { from, client_state, webhook_url, ...rest } = parsed.data;
    const to = Array.isArray(rest.to) ? rest.to[0]! : rest.to;
    const leg = newLeg({
      direction: 'outgoing',
      from,
      to,
      clientState: client_state,
      webhookUrl: webhook_url,
    });
    const call = await this.#open(leg, parseScenario({ ...quietPerson, to }, 'dialled call'));
    call.session.ring();
    const timer = setTimeout(() => call.session.answer(rest), 1_000);
    this.#stops.add(() => clearTimeout(timer));
    return { leg: call.session.leg };
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

  async #open(leg: Leg, scenario: Scenario): Promise<PlacedCall> {
    if (this.liveCalls >= this.#deps.callsMax)
      throw new ExchangeFull(`${this.#deps.callsMax} calls are live`);
    const codec = scenario.codec ?? this.#deps.codec;
    const lines = await prepareLines(scenario, this.#deps.voice);
    const ear = this.#deps.ear.open();
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
        onSaid: (entry) => record.timeline.push(entry),
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
        onEnded: () => {
          stop();
          ear.close();
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
    const call = { session, lane, scenario };
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
