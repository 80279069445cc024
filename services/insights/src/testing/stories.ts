import { events } from '@wardline/contracts';
import { uuidv7, type NewEvent } from '@wardline/event-bus';
import type { eventsOf } from './events.ts';

const { CallOutcome, RecipientResult } = events;
const T = Date.parse('2031-03-04T15:00:00Z');
const times = (fromMs: number) => ({
  initiatedMs: fromMs,
  answeredMs: fromMs + 8_000,
  endedMs: fromMs + 50_000,
});

/** A campaign with one patient of each fate, and what must come out. */
export function campaignStory(make: ReturnType<typeof eventsOf>, campaignId: string) {
  const call = (recipientId: string, name: string) => {
    const attemptId = `${recipientId} ${name}`;
    return {
      callId: uuidv7(),
      of: { campaignId, attemptId },
      queued: make.queued(attemptId, { campaignId, recipientId }),
    };
  };
  const [ana, ben, cleo, dora, eve] = ['ana', 'ben', 'cleo', 'dora', 'eve'].map(
    (name) => `${name} ${campaignId}`,
  );
  const confirmed = call(ana!, 'first');
  const inVain = call(ben!, 'first');
  const moved = call(ben!, 'second');
  const voicemail = call(cleo!, 'first');
  const wrongPerson = call(dora!, 'first');
  const settled = (recipientId: string, result: events.RecipientResult, attempts: number) =>
    make.settled(recipientId, { campaignId, result, attempts, atMs: T + 90_000 });
  const story: NewEvent[] = [
    make.campaign(campaignId, 5, T),
    ...[confirmed, inVain, moved, voicemail, wrongPerson].flatMap(({ callId, of, queued }) => [
      queued,
      make.initiated(callId, T + 1_000, of),
    ]),
    make.completed(confirmed.callId, times(T + 1_000), confirmed.of),
    make.conversation(confirmed.callId, T + 50_000),
    make.failed(inVain.callId, T + 1_000, inVain.of),
    make.completed(moved.callId, times(T + 1_000), { ...moved.of, outcome: CallOutcome.MOVED }),
    make.conversation(moved.callId, T + 50_000, { notUnderstood: 2 }),
    make.completed(voicemail.callId, times(T + 1_000), {
      ...voicemail.of,
      outcome: CallOutcome.VOICEMAIL_LEFT,
    }),
    make.completed(wrongPerson.callId, times(T + 1_000), {
      ...wrongPerson.of,
      outcome: CallOutcome.WRONG_PERSON,
    }),
    make.conversation(wrongPerson.callId, T + 50_000),
    settled(ana!, RecipientResult.CONFIRMED, 1),
    settled(ben!, RecipientResult.MOVED, 2),
    settled(cleo!, RecipientResult.VOICEMAIL_LEFT, 1),
    settled(eve!, RecipientResult.OPTED_OUT, 0),
  ];
  const figures = {
    campaignId,
    ...{ recipients: 5, called: 4, answered: 3, decided: 2 },
    ...{ calls: 5, callsAnswered: 3, talkSeconds: 4 * 42, scoreMean: Math.round((100 + 60 + 100) / 3) },
  };
  const results = { confirmed: 1, moved: 1, 'voicemail-left': 1, 'opted-out': 1 };
  return { story, figures, results };
}
