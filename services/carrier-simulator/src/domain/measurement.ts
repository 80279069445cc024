import { audibleRms, frameMs, windowMs } from './sound.ts';

/**
 * Everything measured in a call, from what really went over the line: one entry per 20 ms frame. Instants are
 * milliseconds on the call's own sample clock. What the caller says in a frame was spoken during the 20 ms *before* the
 * frame could be sent; what the agent plays is heard during the 20 ms *after* the frame is taken. So a figure contains
 * the 20 ms that packets cost, as it would on a real line.
 */
export interface FrameRecord {
  /** RMS of the two 10 ms windows of what the agent let the caller hear. */
  readonly agentLevels: readonly [number, number];
  /** Bytes the platform had delivered for this frame; fewer than 160 is an under-run. */
  readonly deliveredBytes: number;
  /** The buffer ran empty at a mark in this frame: an announced end. */
  readonly endedAtMark: boolean;
  /** The platform emptied the buffer before this frame. */
  readonly cleared: boolean;
}

/** A line of the caller. Samples spoken in frame n happen during [(n-1)·20, n·20). */
export interface SpokenLine {
  readonly step: string;
  readonly voicedFromMs: number;
  readonly voicedToMs: number;
}

export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TurnLatency {
  readonly step: string;
  /** From the caller's last voiced sample to the agent's first audible one. */
  readonly latencyMs: number;
}

export interface Interruption {
  readonly step: string;
  /** From the caller's first voiced sample over the agent's speech to the agent's silence. */
  readonly silenceAfterMs: number;
}

export interface Gap {
  readonly atMs: number;
  readonly ms: number;
}

export interface CallMetrics {
  readonly turns: readonly TurnLatency[];
  /** Lines that got no answer before the next line or the end of the call. */
  readonly unanswered: readonly string[];
  readonly interruptions: readonly Interruption[];
  /** Under-runs longer than 40 ms inside an utterance: nothing was delivered although more of it followed. */
  readonly gaps: readonly Gap[];
  /**
   * The same where the buffer ran dry exactly at a mark and went on soon: between two utterances, or between two clauses
   * of one when the next was not made in time. The wire does not tell which.
   */
  readonly pausesAtMarks: readonly Gap[];
  /** Frames missing or short inside utterances, however brief. */
  readonly underrunFrames: number;
  readonly agentSegments: readonly Segment[];
  /** The longest stretch in which neither side could be heard. */
  readonly deadAirMsMax: number;
}

/** Pauses inside an agent's sentence are shorter than this; what is longer ends a segment. */
export const segmentPauseMs = 400;
/** An under-run that lasts longer was the end of an utterance that simply had no mark. */
export const utteranceResumeMs = 1_000;
/** What goes on within this time after a mark may belong to the same breath. */
export const clauseResumeMs = 500;
export const gapMsMin = 40;

export function agentSegments(frames: readonly FrameRecord[]): Segment[] {
  const segments: { fromMs: number; toMs: number }[] = [];
  frames.forEach((frame, index) => {
    frame.agentLevels.forEach((level, half) => {
      if (level < audibleRms) return;
      const fromMs = index * frameMs + half * windowMs;
      const last = segments.at(-1);
      if (last && fromMs - last.toMs < segmentPauseMs) last.toMs = fromMs + windowMs;
      else segments.push({ fromMs, toMs: fromMs + windowMs });
    });
  });
  return segments;
}

function isAudible(frames: readonly FrameRecord[], fromMs: number, toMs: number): boolean {
  const first = Math.max(0, Math.floor(fromMs / windowMs));
  const last = Math.min(frames.length * 2 - 1, Math.ceil(toMs / windowMs) - 1);
  for (let w = first; w <= last; w++) {
    if ((frames[w >> 1]?.agentLevels[w % 2 === 0 ? 0 : 1] ?? 0) >= audibleRms) return true;
  }
  return false;
}

/** The first audible window that begins at or after `fromMs` and before `untilMs`. */
function firstAudible(frames: readonly FrameRecord[], fromMs: number, untilMs: number): number | undefined {
  for (let w = Math.max(0, Math.ceil(fromMs / windowMs)); w * windowMs < untilMs; w++) {
    const frame = frames[w >> 1];
    if (!frame) return undefined;
    if (frame.agentLevels[w % 2 === 0 ? 0 : 1] >= audibleRms) return w * windowMs;
  }
  return undefined;
}

/** How near the agent's speech must be to a line's first sample for the line to count as spoken over it. */
const overlapMs = 150;

function findInterruptions(frames: readonly FrameRecord[], lines: readonly SpokenLine[]): Interruption[] {
  const segments = agentSegments(frames);
  return lines.flatMap((line) => {
    const over = segments.find((s) => s.fromMs < line.voicedFromMs && s.toMs > line.voicedFromMs);
    if (!over || !isAudible(frames, line.voicedFromMs - overlapMs, line.voicedFromMs + overlapMs)) return [];
    return [{ step: line.step, silenceAfterMs: Math.max(0, over.toMs - line.voicedFromMs) }];
  });
}

/**
 * Follows what was delivered frame by frame. Running dry opens a hole; what is delivered within a second closes it, and
 * then it was one. Running dry exactly at a mark was announced by the platform: it counts apart.
 */
function findGaps(
  frames: readonly FrameRecord[],
): Pick<CallMetrics, 'gaps' | 'pausesAtMarks' | 'underrunFrames'> {
  const gaps: Gap[] = [];
  const pausesAtMarks: Gap[] = [];
  let underrunFrames = 0;
  let delivering = false;
  let hole: { from: number; missingBytes: number; atMark: boolean } | undefined;
  frames.forEach((frame, index) => {
    if (frame.cleared) [delivering, hole] = [false, undefined];
    const missingBytes = 160 - frame.deliveredBytes;
    if (hole && frame.deliveredBytes > 0 && missingBytes === 0) {
      const found = { atMs: hole.from * frameMs, ms: hole.missingBytes / 8 };
      if (!hole.atMark) underrunFrames += index - hole.from;
      if (found.ms > gapMsMin) (hole.atMark ? pausesAtMarks : gaps).push(found);
      hole = undefined;
    }
    if (frame.deliveredBytes > 0) delivering = true;
    if (!delivering) return;
    if (frame.endedAtMark) hole = { from: index + 1, missingBytes, atMark: true };
    else if (hole) hole.missingBytes += missingBytes;
    else if (missingBytes > 0) hole = { from: index, missingBytes, atMark: false };
    if (hole && (index - hole.from) * frameMs > (hole.atMark ? clauseResumeMs : utteranceResumeMs))
      [delivering, hole] = [false, undefined];
  });
  return { gaps, pausesAtMarks, underrunFrames };
}

function longestDeadAir(
  segments: readonly Segment[],
  lines: readonly SpokenLine[],
  fromMs: number,
  toMs: number,
) {
  const heard = [...segments, ...lines.map((l) => ({ fromMs: l.voicedFromMs, toMs: l.voicedToMs }))]
    .filter((s) => s.toMs > fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  let quietSince = fromMs;
  let longest = 0;
  for (const s of heard) {
    longest = Math.max(longest, Math.min(s.fromMs, toMs) - quietSince);
    quietSince = Math.max(quietSince, s.toMs);
  }
  return Math.max(0, longest, toMs - quietSince);
}

/**
 * @param frames one per 20 ms since the call began
 * @param lines in the order spoken, not overlapping
 * @param window the part of the call in which the agent was in charge (answer to transfer or end), for dead air
 */
export function measureCall(
  frames: readonly FrameRecord[],
  lines: readonly SpokenLine[],
  window: { readonly fromMs: number; readonly toMs: number },
): CallMetrics {
  const segments = agentSegments(frames);
  const turns: TurnLatency[] = [];
  const unanswered: string[] = [];
  lines.forEach((line, i) => {
    const untilMs = lines[i + 1]?.voicedFromMs ?? Number.POSITIVE_INFINITY;
    // An agent still talking when the caller stops has not answered: its silence must come first.
    const talkingOn = segments.find((s) => s.fromMs < line.voicedToMs && s.toMs > line.voicedToMs);
    if (talkingOn) return;
    const answerAtMs = firstAudible(frames, line.voicedToMs, untilMs);
    if (answerAtMs === undefined) unanswered.push(line.step);
    else turns.push({ step: line.step, latencyMs: answerAtMs - line.voicedToMs });
  });
  return {
    turns,
    unanswered,
    interruptions: findInterruptions(frames, lines),
    ...findGaps(frames),
    agentSegments: segments,
    deadAirMsMax: longestDeadAir(segments, lines, window.fromMs, window.toMs),
  };
}

/** Nearest-rank percentile; undefined for nothing. */
export function percentile(values: readonly number[], p: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))];
}
