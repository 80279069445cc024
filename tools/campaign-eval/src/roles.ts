import type { Leave, Wish } from './facts.ts';

/** The ready scripts that a run may be about. */
export const flows = ['appointment-reminder', 'no-show-recovery'] as const;
export type Flow = (typeof flows)[number];

/** What somebody in the file is like. */
export interface Role {
  readonly behaviour: string;
  readonly wish: Wish;
  readonly leave?: Exclude<Leave, 'shared-number'>;
  /** Two in a score are on one telephone. */
  readonly shares?: boolean;
  /** The appointment that they missed was not made with Wardline: the file has no id of it. */
  readonly elsewhere?: boolean;
  /** The day that they ask for when they are offered others. */
  readonly day?: string;
}

const times = (count: number, role: Role): Role[] => Array.from({ length: count }, () => role);

/** What a score of patients is like who have an appointment; more of them are as many scores. */
const reminded: readonly Role[] = [
  ...times(3, { behaviour: 'confirm', wish: 'confirm' }),
  { behaviour: 'confirm-by-key', wish: 'confirm' },
  { behaviour: 'confused', wish: 'confirm' },
  ...times(2, { behaviour: 'cancel', wish: 'cancel' }),
  ...times(2, { behaviour: 'move', wish: 'move' }),
  { behaviour: 'asks-for-person', wish: 'person' },
  { behaviour: 'do-not-call', wish: 'no-more-calls' },
  { behaviour: 'opt-out-by-key', wish: 'no-more-calls' },
  { behaviour: 'machine', wish: 'nothing' },
  { behaviour: 'no-answer', wish: 'nothing' },
  { behaviour: 'wrong-person', wish: 'nothing' },
  { behaviour: 'confirm', wish: 'confirm', leave: 'do-not-call' },
  { behaviour: 'confirm', wish: 'confirm', leave: 'outside-window' },
  ...times(2, { behaviour: 'confirm', wish: 'confirm', shares: true }),
  { behaviour: 'confirm', wish: 'nothing', leave: 'bad-row' },
];

/** And who have missed one. The first twelve are one of each kind that is called. */
const missed: readonly Role[] = [
  ...times(2, { behaviour: 'book', wish: 'book' }),
  { behaviour: 'book', wish: 'book', day: 'next Friday' },
  { behaviour: 'book', wish: 'book', elsewhere: true },
  { behaviour: 'decline', wish: 'decline' },
  { behaviour: 'asks-for-person', wish: 'person' },
  { behaviour: 'do-not-call', wish: 'no-more-calls' },
  { behaviour: 'opt-out-by-key', wish: 'no-more-calls' },
  { behaviour: 'wrong-person', wish: 'nothing' },
  { behaviour: 'no-answer', wish: 'nothing' },
  { behaviour: 'busy', wish: 'nothing' },
  { behaviour: 'machine', wish: 'nothing' },
  { behaviour: 'book-by-key', wish: 'book' },
  { behaviour: 'changes-mind', wish: 'decline' },
  { behaviour: 'decline', wish: 'decline', elsewhere: true },
  { behaviour: 'book', wish: 'book', leave: 'do-not-call' },
  { behaviour: 'book', wish: 'book', leave: 'outside-window' },
  ...times(2, { behaviour: 'book', wish: 'book', shares: true }),
  { behaviour: 'book', wish: 'nothing', leave: 'bad-row' },
];

const scores: Readonly<Record<Flow, readonly Role[]>> = {
  'appointment-reminder': reminded,
  'no-show-recovery': missed,
};

/** From the second score on, some do something rarer. */
const rarer: readonly Role[] = [
  { behaviour: 'silent', wish: 'nothing' },
  { behaviour: 'hangs-up', wish: 'nothing' },
  { behaviour: 'busy', wish: 'nothing' },
  { behaviour: 'rejects', wish: 'nothing' },
  { behaviour: 'invalid', wish: 'nothing' },
  { behaviour: 'refused', wish: 'nothing' },
];

export function rolesOf(flow: Flow, count: number): Role[] {
  const aScore = scores[flow];
  const common = aScore.findIndex(({ wish }) => wish === 'nothing');
  return Array.from({ length: count }, (_, i) => {
    const place = i % aScore.length;
    const score = Math.floor(i / aScore.length);
    // The places of those who decide nothing.
    if (score % 2 === 1 && place >= common && place < common + 3)
      return rarer[(((score - 1) / 2) * 3 + place - common) % rarer.length]!;
    return aScore[place]!;
  });
}
