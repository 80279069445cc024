import type { Escalation, EscalationState } from '../api/types.ts';
import type { Party } from '../calls/words.ts';
import type { Tone } from '../parts/tone.ts';

/** Nobody has taken it, and it has not ended. */
export const isWaiting = ({ state }: Pick<Escalation, 'state'>) =>
  state === 'requested' || state === 'offered';

/** Who is on the line: campaigns are what the clinic calls patients for. */
export const partyOn = ({ campaign }: Pick<Escalation, 'campaign'>): Party =>
  campaign ? 'Patient' : 'Caller';

/** Accepted by this user, and not over. */
export const isTakenBy = (item: Escalation, user: string) =>
  (item.state === 'accepted' || item.state === 'connected') &&
  item.acceptedByUser === user &&
  item.endedAt === null;

const states: Record<EscalationState, { readonly words: string; readonly tone: Tone }> = {
  requested: { words: 'Asked for', tone: 'warn' },
  offered: { words: 'Waiting', tone: 'bad' },
  accepted: { words: 'Telephone rings', tone: 'warn' },
  connected: { words: 'Connected', tone: 'good' },
  declined: { words: 'Declined by all', tone: 'plain' },
  'timed-out': { words: 'Nobody took it', tone: 'bad' },
  abandoned: { words: 'Hung up', tone: 'plain' },
};
export const standingOf = (state: EscalationState) =>
  states[state] ?? { words: state, tone: 'plain' as const };

const reasons: Record<string, string> = {
  'caller-asked': 'Asked for a person',
  'not-understood': 'Was not understood',
  script: 'The script asks for a person here',
  emergency: 'Emergency',
  'cancel-appointment': 'Wants to cancel',
  'move-appointment': 'Wants to move',
  other: 'Other',
};
/** An unknown one is shown as it came. */
export const reasonInWords = (reason: string) => reasons[reason] ?? reason;
