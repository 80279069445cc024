// A week of campaigns at Riverside, for pictures and for working on pages.
import { emptyProgress, FakeCampaigns, somebody, someSettings } from './campaigns.ts';
import { type FakeHospital, inSeconds, minutesAgo, newId } from './hospital.ts';

const given = ['Ellen', 'Harold', 'Maria', 'Omar', 'June', 'Viktor', 'Aisha', 'Peter', 'Linh', 'Grace'];
const family = ['Park', 'Finch', 'Lopez', 'Haddad', 'Novak', 'Brandt', 'Okafor', 'Meyer', 'Tran', 'Ellis'];
const ends = [
  ...['confirmed', 'confirmed', 'voicemail-left', 'confirmed', 'not-reached', 'moved', 'handed-over'],
  ...['confirmed', 'cancelled', 'opted-out', 'invalid-number', 'confirmed', 'no-decision'],
];

const results = (counts: Record<string, number>) =>
  Object.entries(counts).map(([result, count]) => ({ result, count }));

/** Its campaigns, the newest first: a draft with people, one that runs, a paused one, a completed one. */
export function outreach(hospital: FakeHospital): FakeCampaigns {
  const fake = new FakeCampaigns(hospital);
  fake.add({
    ...{ settings: { ...someSettings, name: 'Missed appointments of October' }, state: 'completed' },
    ...{ startedAt: minutesAgo(60 * 24 * 9), endedAt: minutesAgo(60 * 24 * 7), holdingBack: 'over' },
    progress: {
      ...{ recipients: 412, waiting: 0, queued: 0, live: 0, settled: 412, calls: 731 },
      results: results({
        ...{ booked: 148, 'voicemail-left': 91, 'no-decision': 44, 'handed-over': 23, 'opted-out': 11 },
        ...{ 'not-reached': 80, 'invalid-number': 9, 'not-allowed': 6 },
      }),
    },
  });
  fake.add({
    ...{
      settings: { ...someSettings, name: 'Flu season, first round', flow: 'flu-season' },
      state: 'paused',
    },
    ...{ startedAt: minutesAgo(60 * 26), holdingBack: 'paused', flowVersion: 2 },
    progress: {
      ...{ recipients: 1_840, waiting: 1_214, queued: 0, live: 0, settled: 626, calls: 702 },
      results: results({ booked: 380, 'voicemail-left': 160, 'opted-out': 21, 'not-reached': 65 }),
    },
  });
  const running = fake.add({
    ...{ state: 'running', startedAt: minutesAgo(74), holdingBack: null, flowVersion: 3 },
    progress: {
      ...{ recipients: 260, waiting: 113, queued: 2, live: 4, settled: 141, calls: 188 },
      results: results({
        ...{ confirmed: 78, moved: 11, cancelled: 7, 'handed-over': 6, 'call-back': 2, 'voicemail-left': 19 },
        ...{ 'no-decision': 5, 'opted-out': 4, 'invalid-number': 3, 'not-allowed': 4, 'not-reached': 2 },
      }),
    },
  });
  fake.insights.set(running.id, {
    ...{ recipients: 260, called: 151, answered: 118, decided: 108, calls: 188, callsAnswered: 126 },
    ...{ talkSeconds: 8_410, scoreMean: 81 },
  });
  fake.recipients.set(
    running.id,
    Array.from({ length: 64 }, (_, n) => {
      const result = n < 4 || n % 5 === 4 ? null : (ends[n % ends.length] ?? null);
      const calls = Array.from({ length: result || n < 4 ? 1 + (n % 3 === 2 ? 1 : 0) : 0 }, (_call, m) => ({
        ...{ id: newId(), call: newId(), dialledAt: minutesAgo(n + m * 180 + 1) },
        result: m > 0 ? 'no-answer' : result,
      }));
      return somebody({
        name: `${given[n % 10]} ${family[(n * 7 + Math.floor(n / 10)) % 10]}`,
        number: `+120255501${String(10 + (n % 89))}`,
        timeZone: n % 6 === 5 ? 'America/Denver' : 'America/New_York',
        ...{ state: n < 4 ? 'live' : result ? 'settled' : 'waiting', result, attempts: calls.length, calls },
        nextCallAt: result || n < 4 ? null : inSeconds(3_600 * (1 + (n % 4))),
        externalId: n % 2 ? null : `MRN-${40_210 + n}`,
      });
    }),
  );
  const draft = fake.add({ settings: { ...someSettings, name: 'Reminders, first week of December' } });
  draft.progress = emptyProgress;
  return fake;
}
