import type { Logger } from '@wardline/observability';
import { briefingOf } from '../domain/briefing.ts';
import type { ClinicFacts } from '../domain/clinic.ts';
import type { DialogueEvent, Effect, Line } from '../domain/effects.ts';
import { transition } from '../domain/machine.ts';
import { endedConversation } from '../domain/ended.ts';
import type { Flow } from '../domain/script/flow.ts';
import { newState, parseState, type ScriptFacts, type State, type Tool } from '../domain/state.ts';
import type { AppointmentBook } from '../ports/appointment-book.ts';
import type { CallDesk, CallRef } from '../ports/call-desk.ts';
import type { CampaignDesk } from '../ports/campaign-desk.ts';
import type { ClinicDirectory } from '../ports/clinic-directory.ts';
import type { ConsentLedger } from '../ports/consent-ledger.ts';
import type { ConversationStore, OpenedConversation } from '../ports/conversation-store.ts';
import type { FlowLibrary } from '../ports/flow-library.ts';
import type { LiveView } from '../ports/live-view.ts';
import { createQueue, type Queue } from './queue.ts';
import { CallIsStale, runTool } from './run-tool.ts';
import { createWriteBehind, type WriteBehind } from './write-behind.ts';

export interface ConversationDeps {
  readonly directory: ClinicDirectory;
  readonly book: AppointmentBook;
  readonly desk: CallDesk;
  readonly store: ConversationStore;
  readonly live: LiveView;
  /** What calls of our own need; absent where none are made, and such calls are then refused. */
  readonly outreach?: OutreachDeps | undefined;
  readonly logger: Logger;
  /** Wall clock, milliseconds: what "tomorrow" means and when a line was said. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export interface OutreachDeps {
  readonly campaigns: CampaignDesk;
  readonly consents: ConsentLedger;
  readonly flows: Pick<FlowLibrary, 'get'>;
}

export interface CallStart {
  readonly tenantId: string;
  readonly callId: string;
  readonly clinicId: string;
  readonly epoch: number;
  readonly resumed: boolean;
  /** The campaign's attempt that this call is; undefined when somebody called the clinic. */
  readonly attemptId?: string | undefined;
  /** An answering machine is on the line and has finished its greeting. */
  readonly machine?: boolean | undefined;
}

/** What arrives on the stream after its first message. */
export type CallerInput =
  DialogueEvent | { readonly type: 'partial'; readonly turn: number; readonly text: string };
type Item = CallerInput | { readonly type: 'input-ended' };
export type AgentCommand = Extract<Effect, { type: 'say' | 'listen' }>;

/** The conversation goes on elsewhere: a newer stream, or a newer owner of the call. Its stream ends with ABORTED. */
export class ConversationReplaced extends Error {
  readonly code = 'conversation-replaced';
}

/** Commands that wait for a slow reader, and events for us; a call has a few a second. */
const queueMax = 256;
/** A snapshot has to be durable before the next turn begins; longer than this we do not let the caller wait for it. */
const durableMs = 400;
/** Before a commit a little longer: a successor must know the same confirmation number. */
const durableBeforeBookingMs = 1_000;
/** What changes something that the caller agreed to. */
const commits: ReadonlySet<Tool['kind']> = new Set<Tool['kind']>([
  'book',
  'move',
  'confirm',
  'cancel',
  'opt-out',
]);
/** A telephony that was killed is back by then, and nothing waits for this but the end of the stream. */
const recordAgainMs = [100, 500, 2_000, 5_000, 10_000];
/** For what was confirmed before the caller hung up. */
const lastAnswersMs = 15_000;

/** What a call of ours is about, and the script that it follows. */
interface Outbound {
  readonly script: ScriptFacts | 'unavailable';
  readonly flow: Flow | undefined;
}

/**
 * Holds one call's conversation on one stream, from its first event to its end. The pure machine decides; this carries
 * events to it and its effects out, and stores behind.
 */
export interface Conversation {
  /** What to say and when to listen. Fails with `ConversationReplaced` when another stream took the call over. */
  readonly commands: AsyncIterable<AgentCommand>;
  push(input: CallerInput): void;
  /** The stream has no more events (the caller hung up, or the connection broke). */
  inputEnded(): void;
  /** A newer stream of the same call has begun. */
  replace(): void;
  /** Settles when nothing is left to do or to store. Never rejects. */
  readonly finished: Promise<void>;
}

export function holdConversation(deps: ConversationDeps, start: CallStart): Conversation {
  const events = createQueue<Item>(queueMax);
  const commands = createQueue<AgentCommand>(queueMax);
  const session = new Session(deps, start, events, commands);
  const finished = session.run();
  return {
    commands,
    push: (input) => session.push(input),
    inputEnded: () => session.inputEnded(),
    replace: () => session.stop(new ConversationReplaced('a newer stream has taken the call over')),
    finished,
  };
}

class Session {
  readonly #deps: ConversationDeps;
  readonly #call: CallRef & { readonly clinicId: string };
  readonly #start: CallStart;
  readonly #events: Queue<Item>;
  readonly #commands: Queue<AgentCommand>;
  readonly #logger: Logger;
  /** Effects that run beside the conversation; waited for at its end. */
  readonly #background = new Set<Promise<void>>();
  /** Tools whose answers the dialogue has not seen yet. */
  #tools = 0;
  #lastAnswers: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  /** The newest state: what a person is told of the conversation when they are asked to take it over. */
  #state: State | undefined;
  /** Of a call of ours: the script that it follows, as staff know it. */
  #scriptTitle: string | undefined;
  readonly #ended = new AbortController();

  constructor(deps: ConversationDeps, start: CallStart, events: Queue<Item>, commands: Queue<AgentCommand>) {
    this.#deps = deps;
    this.#call = {
      tenantId: start.tenantId,
      callId: start.callId,
      epoch: start.epoch,
      clinicId: start.clinicId,
    };
    this.#start = start;
    this.#events = events;
    this.#commands = commands;
    this.#logger = deps.logger.child({ callId: start.callId, epoch: start.epoch });
  }

  push(input: CallerInput): void {
    if (input.type === 'partial') {
      this.#deps.live.partial(this.#call.tenantId, this.#call.callId, input);
      return;
    }
    if (!this.#events.push(input) && !this.#over)
      this.stop(new Error('too many events wait in one conversation'));
  }

  inputEnded(): void {
    if (this.#over) return;
    // In its place behind what was said before: a last "yes" is still to be read, and what it starts gets a bounded time.
    this.#events.push({ type: 'input-ended' });
    this.#lastAnswers ??= setTimeout(() => this.#events.end(), lastAnswersMs);
  }

  stop(error: unknown): void {
    this.#over = true;
    this.#commands.end(error);
    this.#events.end();
  }

  async run(): Promise<void> {
    try {
      const [clinic, opened] = await Promise.all([
        this.#deps.directory.clinic(this.#call.tenantId, this.#call.clinicId),
        this.#open(),
      ]);
      if (this.#over) return;
      const writer = this.#writerFor(opened);
      if (this.#start.attemptId === undefined) void this.#askCallerNumber();
      const state = this.#restore(opened);
      const outbound = await this.#outbound(state);
      if (this.#over) return;
      await this.#converse({ clinic, opened, writer, state, outbound });
      await Promise.all(this.#background);
      await writer.settled(lastAnswersMs);
    } catch (error) {
      if (!(error instanceof ConversationReplaced))
        this.#logger.error('a conversation failed', { err: error });
      this.stop(error);
    } finally {
      this.#over = true;
      this.#ended.abort();
      clearTimeout(this.#lastAnswers);
      this.#events.end();
      this.#commands.end();
    }
  }

  async #converse(o: {
    clinic: ClinicFacts;
    opened: OpenedConversation;
    writer: WriteBehind;
    state: State;
    outbound: Outbound | undefined;
  }): Promise<void> {
    const { clinic, opened, writer, outbound } = o;
    let { state } = o;
    const step = async (event: DialogueEvent): Promise<void> => {
      const next = transition(state, event, { nowMs: this.#deps.now(), clinic, flow: outbound?.flow });
      state = next.state;
      this.#state = state;
      const lines = next.effects.filter((effect) => effect.type === 'line').map((effect) => effect.line);
      // Stored first, and not waited for: the write is under way while the answer is being spoken.
      const ended = state.phase.kind === 'over' ? endedConversation(state) : undefined;
      writer.push(JSON.stringify(state), lines, ended);
      for (const effect of next.effects) this.#perform(effect, writer, clinic);
    };
    const { resumed, machine } = this.#start;
    const script = outbound?.script;
    await step({ type: 'started', stream: opened.stream, resumed, outbound: script, machine });
    if (this.#over) return;
    let inputEnded = false;
    for await (const event of this.#events) {
      if (event.type === 'partial') continue;
      if (event.type === 'input-ended') {
        inputEnded = true;
        if (this.#tools === 0) break;
        continue;
      }
      if (event.type === 'tool-done') this.#tools--;
      if (event.type === 'turn') await writer.settled(durableMs);
      if (this.#over) break;
      await step(event);
      if (state.phase.kind === 'over' || (inputEnded && this.#tools === 0)) break;
    }
  }

  #restore(opened: OpenedConversation): State {
    const { callId, clinicId } = this.#call;
    if (opened.state !== undefined) {
      try {
        return parseState(opened.state);
      } catch (err) {
        // Better to begin anew than to go on from something misread; nothing is booked without a new read-back.
        this.#logger.error('a stored conversation could not be read', { err });
      }
    }
    return newState({ callId, clinicId, startedAtMs: this.#deps.now() });
  }

  /** For a call of ours: whom it is to, about what, by which script. A successor takes that from the state. */
  async #outbound(state: State): Promise<Outbound | undefined> {
    const { attemptId } = this.#start;
    const { tenantId } = this.#call;
    if (attemptId === undefined && !state.script) return undefined;
    try {
      if (!this.#deps.outreach) throw new Error('this installation makes no calls of its own');
      const script = state.script ?? (await this.#scriptOf(this.#deps.outreach, attemptId ?? ''));
      const stored = await this.#deps.outreach.flows.get(tenantId, script.flowId, script.flowVersion);
      if (!stored) throw new Error('the script of a call is not known');
      this.#scriptTitle = stored.title;
      return { script, flow: stored.flow };
    } catch (err) {
      this.#logger.error('a call of ours cannot be held, and ends with an apology', { err });
      return { script: 'unavailable', flow: undefined };
    }
  }

  async #scriptOf({ campaigns }: OutreachDeps, attemptId: string): Promise<ScriptFacts> {
    const { tenantId } = this.#call;
    const { patientName, patientId, appointmentId, ...attempt } = await campaigns.attempt(
      tenantId,
      attemptId,
    );
    const facts = { ...attempt, patient: { id: patientId, name: patientName } };
    if (appointmentId === undefined) return facts;
    const found = await this.#deps.book.appointment(tenantId, appointmentId);
    if (found.kind === 'unknown') return facts;
    if (found.kind !== 'found') throw new Error('the appointment of a call could not be had');
    return { ...facts, appointment: found.appointment };
  }

  /** Without storage a call is still answered: it can book and be put through, only not be taken over. */
  async #open(): Promise<OpenedConversation> {
    const { tenantId, callId, clinicId, epoch } = this.#call;
    let opened: OpenedConversation | undefined;
    try {
      opened = await this.#deps.store.open(tenantId, { callId, clinicId, epoch });
    } catch (err) {
      this.#logger.error('a conversation goes on without storage', { err });
      return { stream: 0, state: undefined };
    }
    if (!opened) throw new ConversationReplaced('the call has a newer owner');
    return opened;
  }

  #writerFor(opened: OpenedConversation): WriteBehind {
    const { tenantId, callId } = this.#call;
    if (opened.stream === 0) return { push: () => {}, settled: async () => {} };
    return createWriteBehind({
      save: (batch) => this.#deps.store.save(tenantId, { callId, stream: opened.stream, ...batch }),
      onReplaced: () =>
        this.stop(new ConversationReplaced('another instance has taken the conversation over')),
      pause: this.#deps.pause,
      logger: this.#logger,
    });
  }

  async #askCallerNumber(): Promise<void> {
    const number = await this.#deps.desk.callerNumber(this.#call).catch((err: unknown) => {
      this.#logger.warn('the number of a caller could not be had', { err });
      return undefined;
    });
    if (!this.#over) this.push({ type: 'caller-number', number });
  }

  #perform(effect: Effect, writer: WriteBehind, clinic: ClinicFacts): void {
    const { tenantId, callId } = this.#call;
    switch (effect.type) {
      case 'say':
      case 'listen':
        this.#commands.push(effect);
        return;
      case 'line':
        this.#deps.live.line(tenantId, callId, effect.line satisfies Line);
        return;
      case 'tool':
        if (effect.tool.kind !== 'hand-off') return this.#begin(this.#runTool(effect.tool, writer, clinic));
        // Not waited for at the end of the conversation: it may end before anybody has answered.
        void this.#guarded(this.#runTool(effect.tool, writer, clinic));
        return;
      case 'release-hold':
        return this.#begin(this.#deps.book.release(tenantId, effect.holdId));
      case 'record-outcome':
        return this.#begin(this.#record(effect.outcome));
      case 'end':
        this.#over = true;
        this.#begin(this.#finish());
        return;
      default:
        return effect satisfies never;
    }
  }

  /** The stream ends when what this call still has to do elsewhere is done. */
  async #finish(): Promise<void> {
    await Promise.all([...this.#background]);
    this.#commands.end();
  }

  #guarded(work: Promise<void>): Promise<void> {
    return work.catch((err: unknown) => {
      if (err instanceof CallIsStale) this.stop(new ConversationReplaced('the call has a newer owner'));
      else this.#logger.warn('an effect of a conversation failed', { err });
    });
  }

  #begin(work: Promise<void>): void {
    const guarded = this.#guarded(work);
    this.#background.add(guarded);
    void guarded.finally(() => this.#background.delete(guarded));
  }

  async #runTool(tool: Tool, writer: WriteBehind, clinic: ClinicFacts): Promise<void> {
    this.#tools++;
    try {
      if (commits.has(tool.kind)) await writer.settled(durableBeforeBookingMs);
      if (this.#over && commits.has(tool.kind)) return;
      const deps = { ...this.#deps, consents: this.#deps.outreach?.consents };
      const result = await runTool(deps, this.#call, tool, {
        briefing: (reason) => briefingOf(this.#state!, clinic, reason, this.#scriptTitle),
        signal: this.#ended.signal,
      });
      this.#events.push({ type: 'tool-done', request: tool.request, result });
    } catch (err) {
      if (err instanceof CallIsStale) throw err;
      this.#logger.error('a tool of the dialogue broke', { err, tool: tool.kind });
      this.#events.push({
        type: 'tool-done',
        request: tool.request,
        result: { kind: commits.has(tool.kind) ? 'unclear' : 'failed' },
      });
    }
  }

  async #record(outcome: Extract<Effect, { type: 'record-outcome' }>['outcome']): Promise<void> {
    for (const pauseMs of [...recordAgainMs, undefined]) {
      const answer = await this.#deps.desk.recordOutcome(this.#call, outcome);
      if (answer === 'stale') throw new CallIsStale('the call has a newer owner');
      if (answer === 'done') return;
      if (pauseMs !== undefined) await this.#deps.pause(pauseMs);
    }
    this.#logger.warn('the outcome of a call could not be recorded', { outcome });
  }
}
