import type { RecognitionStatus } from '@wardline/dialogue-words';
import type { ClinicFacts } from '../domain/clinic.ts';
import type { DialogueEvent, Effect, ToolResult } from '../domain/effects.ts';
import { type Context, transition } from '../domain/machine.ts';
import type { Flow } from '../domain/script/flow.ts';
import { newState, parseState, type ScriptFacts, type Slot, type State, type Tool } from '../domain/state.ts';
import { aClinic } from './clinic.ts';

type Say = Extract<Effect, { type: 'say' }>;
type Listen = Extract<Effect, { type: 'listen' }>;
type ToolOf<K extends Tool['kind']> = Extract<Tool, { kind: K }>;

export interface TalkOptions {
  readonly clinic?: ClinicFacts;
  /** UTC; default a Saturday noon in New York. */
  readonly at?: string;
  readonly free?: readonly Slot[];
  /** null: withheld. */
  readonly callerNumber?: string | null;
  /** Answers of tools in place of the schedule's own; undefined falls through to it, null: none yet. */
  readonly tool?: (tool: Tool) => ToolResult | null | undefined;
  /** A call of ours, by this script. `machine`: an answering machine has picked up. */
  readonly outbound?:
    { readonly script: ScriptFacts; readonly flow: Flow; readonly machine?: boolean } | 'unavailable';
  /** By default everything said is heard to its end before the caller speaks. */
  readonly hearsAll?: boolean;
}

/**
 * Drives the dialogue's machine as a call does, without I/O: a script of what the caller says, against a schedule in
 * memory. Tools are answered at once, utterances are heard, unless a test takes that over.
 */
export class Talk {
  state: State;
  readonly effects: Effect[] = [];
  readonly booked: ToolOf<'book'>[] = [];
  /** Effects of the last thing that happened. */
  last: Effect[] = [];
  nowMs: number;
  readonly clinic: ClinicFacts;
  readonly #options: TalkOptions;
  readonly #taken = new Set<string>();
  #holds = 0;

  constructor(options: TalkOptions = {}) {
    this.#options = options;
    this.clinic = options.clinic ?? aClinic();
    this.nowMs = Date.parse(options.at ?? '2026-11-21T17:00:00Z');
    this.state = newState({ callId: 'call-1', clinicId: this.clinic.clinicId, startedAtMs: this.nowMs });
    const { outbound } = options;
    const script = outbound === 'unavailable' ? outbound : outbound?.script;
    const machine = outbound === 'unavailable' ? false : outbound?.machine;
    this.send({ type: 'started', stream: 1, resumed: false, outbound: script, machine });
    if (outbound) return;
    const number = options.callerNumber === undefined ? '+12025550143' : (options.callerNumber ?? undefined);
    this.send({ type: 'caller-number', number });
  }

  /** One event, then the tools that it asks for, until the dialogue waits for the caller. */
  send(event: DialogueEvent): this {
    this.last = [];
    this.#step(event);
    return this;
  }

  #step(event: DialogueEvent): void {
    const { state, effects } = transition(this.state, event, this.context);
    // What is stored must be what goes on.
    this.state = parseState(JSON.stringify(state));
    this.effects.push(...effects);
    this.last.push(...effects);
    for (const effect of effects) {
      if (effect.type !== 'tool') continue;
      const given = this.#options.tool?.(effect.tool);
      const result = given === undefined ? this.#schedule(effect.tool) : given;
      if (result) this.#step({ type: 'tool-done', request: effect.tool.request, result });
    }
  }

  get context(): Context {
    const { outbound } = this.#options;
    const flow = outbound === 'unavailable' ? undefined : outbound?.flow;
    return { nowMs: this.nowMs, clinic: this.clinic, flow };
  }

  #schedule(tool: Tool): ToolResult {
    const key = (slot: Slot): string => `${slot.doctorId} ${slot.startMs}`;
    switch (tool.kind) {
      case 'find-slots': {
        const { who, fromMs, toMs } = tool;
        const slots = (this.#options.free ?? []).filter(
          (slot) =>
            !this.#taken.has(key(slot)) &&
            slot.startMs >= fromMs &&
            slot.startMs < toMs &&
            (who.kind === 'any' ||
              (who.kind === 'doctor' ? slot.doctorId === who.doctorId : slot.department === who.department)),
        );
        return { kind: 'slots', slots };
      }
      case 'hold':
        return this.#taken.has(key(tool.slot))
          ? { kind: 'taken' }
          : { kind: 'held', holdId: `hold-${++this.#holds}` };
      case 'book':
        if (this.#taken.has(key(tool.slot))) return { kind: 'taken' };
        this.booked.push(tool);
        this.#taken.add(key(tool.slot));
        return { kind: 'done' };
      case 'move':
        if (this.#taken.has(key(tool.slot))) return { kind: 'taken' };
        this.#taken.add(key(tool.slot));
        return { kind: 'done' };
      case 'confirm':
      case 'cancel':
      case 'opt-out':
      case 'hand-off':
      case 'call-back':
      case 'transfer':
      case 'hang-up':
        return { kind: 'done' };
      default:
        return tool satisfies never;
    }
  }

  /** Somebody else books it meanwhile. */
  takeAway(slot: Slot): this {
    this.#taken.add(`${slot.doctorId} ${slot.startMs}`);
    return this;
  }

  says(
    text: string,
    o: { status?: RecognitionStatus; confidence?: number; alternatives?: readonly string[] } = {},
  ): this {
    if (this.#options.hearsAll !== false) this.hears();
    const { status = 'confident', confidence = status === 'confident' ? 0.9 : 0.4 } = o;
    return this.send({ type: 'turn', text, confidence, status, alternatives: o.alternatives ?? [] });
  }

  /** All that was said so far has been heard to its end. */
  hears(): this {
    for (const { utteranceId, text } of [...this.state.open]) {
      this.send({ type: 'utterance-ended', utteranceId, cause: 'played', heardText: text });
    }
    return this;
  }

  /** The caller spoke over the last utterance. */
  interrupts(heardText: string): this {
    for (const { utteranceId } of [...this.state.open]) {
      this.send({ type: 'utterance-ended', utteranceId, cause: 'interrupted', heardText });
    }
    return this;
  }

  presses(digits: string): this {
    for (const digit of digits) this.send({ type: 'key', digit });
    return this;
  }

  /** The stream ends as it does when somebody hangs up, and a newer one of the same call begins. */
  comesBack(): this {
    this.send({ type: 'hung-up' });
    const { outbound } = this.#options;
    const script = outbound === 'unavailable' ? outbound : outbound?.script;
    const stream = this.state.stream + 1;
    return this.send({ type: 'started', stream, resumed: true, outbound: script });
  }

  isSilent(): this {
    this.hears();
    return this.send({ type: 'silent' });
  }

  /** What the agent says in answer to the last thing that happened. */
  get agent(): string {
    return this.last
      .filter((effect): effect is Say => effect.type === 'say')
      .map(({ text }) => text)
      .join(' ');
  }

  get listening(): Listen | undefined {
    return this.last.findLast((effect): effect is Listen => effect.type === 'listen');
  }

  tools<K extends Tool['kind']>(kind: K): ToolOf<K>[] {
    return this.effects
      .filter((effect): effect is Extract<Effect, { type: 'tool' }> => effect.type === 'tool')
      .map(({ tool }) => tool)
      .filter((tool): tool is ToolOf<K> => tool.kind === kind);
  }

  of<K extends Effect['type']>(type: K): Extract<Effect, { type: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: K }> => effect.type === type);
  }
}
