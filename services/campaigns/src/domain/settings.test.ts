import { problemsOfSettings } from './settings.ts';
import type { CampaignSettings } from './campaign.ts';
import { stateAfter } from './campaign.ts';

const good: CampaignSettings = {
  clinicId: '01930000-0000-7000-8000-00000000b011',
  name: 'Reminders',
  flowId: 'appointment-reminder',
  isoWeekdays: [1, 5],
  fromLocalTime: '09:00',
  toLocalTime: '24:00',
  firstDay: '2031-03-03',
  lastDay: '2031-03-03',
  callsAtOnceMax: 100,
  attemptsMax: 5,
  attemptsPerDayMax: 1,
  defaultRegion: 'GB',
  ringSeconds: 10,
};
const problems = (o: Partial<CampaignSettings>) => problemsOfSettings({ ...good, ...o }, (r) => r === 'GB');

describe('settings', () => {
  it('may be at their limits', () => expect(problems({})).toEqual([]));

  it.each<[Partial<CampaignSettings>, string]>([
    [{ clinicId: 'x' }, 'clinic_id'],
    [{ name: ' ' }, 'name'],
    [{ flowId: 'Two words' }, 'flow_id'],
    [{ isoWeekdays: [] }, 'iso_weekdays'],
    [{ isoWeekdays: [0] }, 'iso_weekdays'],
    [{ isoWeekdays: [1, 1] }, 'iso_weekdays'],
    [{ fromLocalTime: '9:00' }, 'from_local_time'],
    [{ fromLocalTime: '24:00' }, 'from_local_time'],
    [{ toLocalTime: '09:00' }, 'to_local_time'],
    [{ toLocalTime: '24:01' }, 'to_local_time'],
    [{ firstDay: '2031-02-30' }, 'first_day'],
    [{ lastDay: '2031-03-02' }, 'last_day'],
    [{ callsAtOnceMax: 0 }, 'calls_at_once_max'],
    [{ attemptsMax: 6 }, 'attempts_max'],
    [{ attemptsPerDayMax: 1.5 }, 'attempts_per_day_max'],
    [{ defaultRegion: 'XX' }, 'default_region'],
    [{ ringSeconds: 61 }, 'ring_seconds'],
  ])('%j are refused by the name of the field', (change, field) => {
    expect(problems(change)).toEqual([expect.stringContaining(field)]);
  });

  it('tell every problem at once', () => {
    expect(problems({ name: '', ringSeconds: 0, lastDay: 'soon' })).toHaveLength(3);
  });
});

describe('a campaign', () => {
  it('changes as its state allows, and the same change twice is once', () => {
    expect(stateAfter('draft', 'start')).toBe('running');
    expect(stateAfter('running', 'start')).toBe('running');
    expect(stateAfter('running', 'pause')).toBe('paused');
    expect(stateAfter('draft', 'pause')).toBeUndefined();
    expect(stateAfter('completed', 'resume')).toBeUndefined();
    expect(stateAfter('completed', 'cancel')).toBeUndefined();
    expect(stateAfter('paused', 'cancel')).toBe('cancelled');
  });
});
