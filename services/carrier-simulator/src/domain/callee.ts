import { createRandom } from '@wardline/seeded-random';

/**
 * What happens at the other end of a dialled leg before and just after it is picked up. Pure: the instants are
 * milliseconds on the call's clock.
 */
export const behaviours = [
  'confirm',
  'confirm-by-key',
  'move',
  'cancel',
  'book',
  'book-by-key',
  'decline',
  'changes-mind',
  'asks-for-person',
  'do-not-call',
  'opt-out-by-key',
  'wrong-person',
  'confused',
  'silent',
  'hangs-up',
  'answers',
  'machine',
  'no-answer',
  'busy',
  'rejects',
  'invalid',
  'refused',
] as const;

export type Behaviour = (typeof behaviours)[number];

/** What `call.machine.premium.detection.ended` may say. */
export const detections = [
  'human_residence',
  'human_business',
  'machine',
  'silence',
  'fax_detected',
  'not_sure',
] as const;
export type Detection = (typeof detections)[number];

export type DetectionMode =
  'premium' | 'detect' | 'detect_beep' | 'detect_words' | 'greeting_end' | 'disabled';

export interface Conduct {
  readonly behaviour: Behaviour;
  /** How long it rings until it is picked up, or until the other end says that it will not be. */
  readonly ringMs: number;
  /** What the carrier makes of whoever picked up, and how long it takes to. */
  readonly detection: { readonly result: Detection; readonly afterMs: number };
  /** As the person a call is transferred to: how long they talk. */
  readonly talkMs: number;
}

export type Pickup = 'answered' | 'user_busy' | 'call_rejected' | 'not_found' | 'no_answer';

/** How the ringing ends when nothing else ends it first. */
export function pickupOf(behaviour: Behaviour): Pickup {
  switch (behaviour) {
    case 'no-answer':
      return 'no_answer';
    case 'busy':
      return 'user_busy';
    case 'rejects':
      return 'call_rejected';
    case 'invalid':
    case 'refused':
      return 'not_found';
    default:
      return 'answered';
  }
}

/** By the last digit of a number that nobody has described, so that any list of numbers has a bit of everything. */
const byLastDigit: readonly Behaviour[] = [
  'confirm',
  'confirm',
  'confirm',
  'confirm-by-key',
  'move',
  'cancel',
  'machine',
  'no-answer',
  'asks-for-person',
  'do-not-call',
];

export const usualBehaviour = (number: string): Behaviour => byLastDigit[Number(number.at(-1))] ?? 'confirm';

/** A seed of its own for each number: the same person behaves the same in every run. */
export const seedOf = (number: string): number => Number(number.replace(/\D/g, '').slice(-9)) || 1;

export function conductOf(o: {
  readonly behaviour: Behaviour;
  readonly seed: number;
  readonly ringMs?: number | undefined;
  readonly talkMs?: number | undefined;
  readonly detection?: { readonly result: Detection; readonly afterMs?: number | undefined } | undefined;
}): Conduct {
  const random = createRandom(o.seed);
  const quick = o.behaviour === 'busy' || o.behaviour === 'invalid' || o.behaviour === 'refused';
  const ringMs = o.ringMs ?? Math.round(quick ? 300 + random() * 500 : 1_500 + random() * 2_500);
  const usual = usualDetection(o.behaviour);
  const result = o.detection?.result ?? usual.result;
  return {
    behaviour: o.behaviour,
    // Nobody picks up: it rings until the one who dialled has had enough, unless their network is quicker.
    ringMs: o.behaviour === 'no-answer' ? (o.ringMs ?? Number.POSITIVE_INFINITY) : ringMs,
    talkMs: o.talkMs ?? 3_000,
    detection: { result, afterMs: o.detection?.afterMs ?? usual.afterMs },
  };
}

function usualDetection(behaviour: Behaviour): { result: Detection; afterMs: number } {
  if (behaviour === 'machine') return { result: 'machine', afterMs: 2_600 };
  if (behaviour === 'silent') return { result: 'silence', afterMs: 4_000 };
  return { result: 'human_residence', afterMs: 1_800 };
}

/** The plainer kinds of detection know fewer words. */
export function detectionWord(mode: DetectionMode, result: Detection): string {
  if (mode === 'premium') return result;
  if (result === 'human_residence' || result === 'human_business') return 'human';
  return result === 'machine' ? 'machine' : 'not_sure';
}

export interface LocalWindow {
  /** IANA. */
  readonly timeZone: string;
  /** "HH:MM", half-open. */
  readonly from: string;
  readonly to: string;
  readonly isoWeekdays: readonly number[];
}

/** Whether the instant lies within those hours of the day where the person is. */
export function isWithin(window: LocalWindow, at: Date): boolean {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: window.timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  const time = `${parts.get('hour')}:${parts.get('minute')}`;
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.get('weekday') ?? '') + 1;
  return window.isoWeekdays.includes(day) && time >= window.from && time < window.to;
}
