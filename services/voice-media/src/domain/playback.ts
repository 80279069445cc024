import type { UtteranceEnd } from '@wardline/dialogue-words';
import { heardWords, splitClauses } from './clauses.ts';

export const frameMs = 20;

export interface UtteranceRequest {
  readonly id: string;
  readonly text: string;
  readonly interruptible: boolean;
  readonly rate: number;
  /** Fillers and apologies are this service's own; the dialogue knows nothing of them. */
  readonly origin: 'dialogue' | 'filler';
}

export type PlaybackAction =
  | { readonly type: 'frame'; readonly frame: Uint8Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }
  | { readonly type: 'started'; readonly request: UtteranceRequest; readonly at: number }
  | {
      readonly type: 'ended';
      readonly request: UtteranceRequest;
      readonly end: UtteranceEnd;
      readonly heardText: string;
    }
  /** Nothing is being heard any more; `at` is the last audible instant. */
  | { readonly type: 'drained'; readonly at: number }
  /** The carrier ran dry inside an utterance for this long. */
  | { readonly type: 'gap'; readonly gapMs: number };

export interface ClauseAudio {
  readonly frames: readonly Uint8Array[];
  /** Of those, the ones that hold voice; the rest is the pause behind it. */
  readonly voicedFrames: number;
}

interface Clause {
  readonly text: string;
  readonly pauseMs: number;
  audio: ClauseAudio | undefined;
  sent: number;
  /** When its first frame is (or was) played at the carrier. */
  startsAt: number;
  confirmed: boolean;
}

interface Utterance {
  readonly request: UtteranceRequest;
  readonly serial: number;
  readonly clauses: Clause[];
  started: boolean;
}

export interface ClauseToMake {
  readonly serial: number;
  readonly index: number;
  readonly text: string;
  readonly pauseMs: number;
  readonly rate: number;
}

/** After this long without the mark an utterance counts as heard: not every carrier returns every mark. */
const markGraceMs = 250;
/** A mark cannot come back before its audio was played; clocks and jitter buffers differ by less than this. */
const markEarlyMs = 120;

/**
 * The queue of what the agent says and the account of what was heard. Holds state, but no clock and no I/O: each call
 * takes the instant (monotonic ms) and returns what is to be done at the carrier, in order.
 */
export class Playback {
  readonly #leadMs: number;
  #live: Utterance[] = [];
  #serial = 0;
  /** Changes with each clear, so that marks which come back because of it confirm nothing. */
  #generation = 0;
  /** Up to when the carrier has audio. */
  #sentUntil = -Infinity;
  #heldAt: number | undefined;
  #audible = false;

  constructor(o: { leadMs: number }) {
    this.#leadMs = o.leadMs;
  }

  get idle(): boolean {
    return this.#live.length === 0;
  }

  get held(): boolean {
    return this.#heldAt !== undefined;
  }

  get queued(): number {
    return this.#live.length;
  }

  add(request: UtteranceRequest): void {
    const clauses = splitClauses(request.text).map((clause): Clause => ({
      ...clause,
      audio: undefined,
      sent: 0,
      startsAt: Infinity,
      confirmed: false,
    }));
    this.#live.push({ request, serial: ++this.#serial, clauses, started: false });
  }

  /** The next clause without audio; undefined when all have it or `aheadMax` clauses wait already. */
  nextToMake(aheadMax: number): ClauseToMake | undefined {
    let ready = 0;
    for (const { serial, clauses, request } of this.#live) {
      for (const [index, clause] of clauses.entries()) {
        if (clause.audio === undefined) {
          if (ready >= aheadMax) return undefined;
          return { serial, index, text: clause.text, pauseMs: clause.pauseMs, rate: request.rate };
        }
        if (clause.sent < clause.audio.frames.length) ready += 1;
      }
    }
    return undefined;
  }

  /** Audio for a clause; without effect when its utterance has ended meanwhile. */
  attach(clause: ClauseToMake, audio: ClauseAudio): void {
    const found = this.#live.find((utterance) => utterance.serial === clause.serial)?.clauses[clause.index];
    if (found !== undefined) found.audio = audio;
  }

  /** No voice could be made of it. */
  fail(serial: number, now: number): PlaybackAction[] {
    return this.#end((utterance) => utterance.serial === serial, 'failed', now);
  }

  /** Sends what is due so that the carrier has `leadMs` of audio, and closes what has been heard. */
  pump(now: number, floorTaken: boolean): PlaybackAction[] {
    const actions: PlaybackAction[] = [];
    this.#settle(now, actions);
    if (this.#heldAt === undefined) {
      while (this.#sentUntil < now + this.#leadMs && this.#sendNext(now, floorTaken, actions));
      const pausesInside = this.#live.some(({ started, clauses }) => started && !clauses.every(isSent));
      // The caller may answer now, though the mark that confirms the last clause is still under way.
      if (this.#audible && !pausesInside && now >= this.#sentUntil)
        this.#fallSilent(this.#sentUntil, actions);
    }
    return actions;
  }

  /** The carrier has come to a mark. */
  confirm(name: string, now: number): PlaybackAction[] {
    const [generation, serial, index] = name.split('.').map(Number);
    const clauses = this.#live.find((utterance) => utterance.serial === serial)?.clauses;
    const clause = index === undefined ? undefined : clauses?.[index];
    if (generation !== this.#generation || clause === undefined || now < endOf(clause) - markEarlyMs)
      return [];
    clause.confirmed = true;
    const actions: PlaybackAction[] = [];
    this.#settle(now, actions);
    return actions;
  }

  /** Gate 1: silence at the carrier, everything kept. */
  hold(now: number): PlaybackAction[] {
    if (this.#heldAt !== undefined) return [];
    this.#heldAt = now;
    return this.#clear(now);
  }

  /** A false alarm: goes on from the start of the clause in which it was stopped. */
  resume(now: number): void {
    if (this.#heldAt === undefined) return;
    this.#rewind(this.#heldAt);
    this.#heldAt = undefined;
    this.#sentUntil = now;
  }

  /** The interruption is taken: all that may be interrupted ends; what may not is said after it. */
  interrupt(now: number): PlaybackAction[] {
    return this.#cut((utterance) => utterance.request.interruptible, 'interrupted', now);
  }

  /** The dialogue wants silence. */
  hush(now: number): PlaybackAction[] {
    return this.#cut(() => true, 'replaced', now);
  }

  /** The dialogue has something newer to say. A filler that is being said may end: half a "One moment" is worse. */
  replaceAll(now: number): PlaybackAction[] {
    const held = this.#heldAt !== undefined;
    const spared = ({ request, started }: Utterance): boolean =>
      request.origin === 'filler' && started && !held;
    return this.#cut((utterance) => !spared(utterance), 'replaced', now);
  }

  #cut(which: (utterance: Utterance) => boolean, end: UtteranceEnd, now: number): PlaybackAction[] {
    const at = this.#heldAt ?? now;
    const head = this.#live.find((utterance) => utterance.started);
    const clear = this.#heldAt === undefined && head !== undefined && which(head) ? this.#clear(now) : [];
    const actions = [...clear, ...this.#end(which, end, at)];
    if (this.#heldAt !== undefined) {
      this.#rewind(at);
      this.#heldAt = undefined;
      this.#sentUntil = now;
    }
    return actions;
  }

  #clear(now: number): PlaybackAction[] {
    this.#generation += 1;
    const pending = this.#sentUntil > now - markGraceMs;
    this.#sentUntil = Math.min(this.#sentUntil, now);
    return pending ? [{ type: 'clear' }] : [];
  }

  #end(which: (utterance: Utterance) => boolean, end: UtteranceEnd, at: number): PlaybackAction[] {
    const actions: PlaybackAction[] = this.#live.filter(which).map((utterance) => ({
      type: 'ended',
      request: utterance.request,
      end: end !== 'failed' && wasHeardWhole(utterance, at) ? 'played' : end,
      heardText: heardTextOf(utterance, at),
    }));
    this.#live = this.#live.filter((utterance) => !which(utterance));
    if (this.#audible && !this.#live.some((utterance) => utterance.started)) this.#fallSilent(at, actions);
    return actions;
  }

  #settle(now: number, actions: PlaybackAction[]): void {
    if (this.#heldAt !== undefined) return;
    for (let head = this.#live[0]; head !== undefined; head = this.#live[0]) {
      const last = head.clauses.at(-1);
      if (last !== undefined) {
        const endsAt = endOf(last);
        if (!isSent(last) || now < endsAt || (!last.confirmed && now < endsAt + markGraceMs)) return;
      }
      this.#live.shift();
      actions.push({ type: 'ended', request: head.request, end: 'played', heardText: textOf(head) });
    }
  }

  #fallSilent(at: number, actions: PlaybackAction[]): void {
    this.#audible = false;
    actions.push({ type: 'drained', at });
  }

  #sendNext(now: number, floorTaken: boolean, actions: PlaybackAction[]): boolean {
    const utterance = this.#live.find(({ clauses }) => clauses.some((clause) => !isSent(clause)));
    const clause = utterance?.clauses.find((candidate) => !isSent(candidate));
    const frame = clause?.audio?.frames[clause.sent];
    if (utterance === undefined || clause?.audio === undefined || frame === undefined) return false;
    if (!utterance.started && !this.#mayStart(utterance, now, floorTaken)) return false;
    const at = Math.max(this.#sentUntil, now);
    if (!utterance.started) {
      utterance.started = true;
      this.#audible = true;
      actions.push({ type: 'started', request: utterance.request, at });
    } else if (at > this.#sentUntil && (clause.sent > 0 || clause !== utterance.clauses[0])) {
      actions.push({ type: 'gap', gapMs: at - this.#sentUntil });
    }
    if (clause.sent === 0) clause.startsAt = at;
    clause.sent += 1;
    this.#sentUntil = at + frameMs;
    actions.push({ type: 'frame', frame });
    if (isSent(clause)) {
      const index = utterance.clauses.indexOf(clause);
      actions.push({ type: 'mark', name: `${this.#generation}.${utterance.serial}.${index}` });
    }
    return true;
  }

  #mayStart(utterance: Utterance, now: number, floorTaken: boolean): boolean {
    if (floorTaken && utterance.request.interruptible) return false;
    // A clear drops everything at the carrier. So nothing that may be cleared follows close behind what may not.
    const behindUncuttable = this.#live.some((other) => other.started && !other.request.interruptible);
    return !(utterance.request.interruptible && behindUncuttable && now < this.#sentUntil);
  }

  #rewind(heardUntil: number): void {
    for (const { clauses } of this.#live) {
      for (const clause of clauses) {
        if (clause.confirmed || heardFraction(clause, heardUntil) >= 1) continue;
        clause.sent = 0;
        clause.startsAt = Infinity;
      }
    }
  }
}

function isSent(clause: Clause): boolean {
  return clause.audio !== undefined && clause.sent >= clause.audio.frames.length;
}

function endOf(clause: Clause): number {
  return clause.startsAt + (clause.audio?.frames.length ?? 0) * frameMs;
}

/** By the clock, since a mark says nothing about the middle of a clause. */
function heardFraction(clause: Clause, at: number): number {
  if (clause.confirmed) return 1;
  if (clause.audio === undefined || clause.audio.voicedFrames === 0) return 0;
  const playedMs = Math.min(at - clause.startsAt, clause.sent * frameMs);
  return Math.min(Math.max(playedMs / (clause.audio.voicedFrames * frameMs), 0), 1);
}

function heardTextOf(utterance: Utterance, at: number): string {
  return utterance.clauses
    .map((clause) => heardWords(clause.text, heardFraction(clause, at)))
    .filter((text) => text !== '')
    .join(' ');
}

function wasHeardWhole(utterance: Utterance, at: number): boolean {
  return utterance.clauses.every((clause) => heardFraction(clause, at) >= 1);
}

function textOf(utterance: Utterance): string {
  return utterance.clauses.map((clause) => clause.text).join(' ');
}
