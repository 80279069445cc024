import { aClinic, slotAt } from '../testing/clinic.ts';
import { Talk } from '../testing/talk.ts';

/** The recogniser holds several things possible; the dialogue knows which of them make sense. */
const free = ['09:00', '16:00', '16:30'].map((time) => slotAt(`2026-11-26T${time}`));
const clinic = aClinic({ open: { fromMinutes: 8 * 60, toMinutes: 18 * 60 } });
const talk = (): Talk => new Talk({ clinic, free }).says("i'd like to see doctor sharma");

describe('what was misheard more likely than meant', () => {
  it('a weekday that is not that date: asks about the date that agrees with itself', () => {
    const call = talk().says('thursday november twenty eighth', {
      alternatives: ['thursday november twenty fourth', 'thursday november twenty sixth'],
    });
    expect(call.agent).toContain('did you say: thursday november twenty sixth?');
    call.says('yes');
    expect(call.agent).toContain('Thursday, November the twenty sixth');
  });

  it('a time at which the clinic is closed: asks about the one at which it is open', () => {
    const call = talk()
      .says('thursday november twenty sixth')
      .says('eight p m', { status: 'unsure', alternatives: ['four p m'] });
    expect(call.agent).toContain('did you say: four p m?');
  });

  it('is never acted on without a yes', () => {
    const call = talk()
      .says('thursday november twenty sixth')
      .says('eight p m', { status: 'confident', alternatives: ['four p m'] });
    expect(call.tools('hold')).toEqual([]);
    call.says('yes');
    expect(call.tools('hold')[0]?.slot.startMs).toBe(slotAt('2026-11-26T16:00').startMs);
  });

  it('is not asked about again once the caller has denied it', () => {
    const call = talk()
      .says('thursday november twenty sixth')
      .says('four thirty p m', { status: 'unsure' })
      .says('no')
      .says('four thirty p m', { status: 'unsure', alternatives: ['four p m'] });
    expect(call.agent).toContain('did you say: four p m?');
  });

  it('says what is wrong with a date when nothing else was possible', () => {
    const call = talk().says('thursday november twenty eighth');
    expect(call.agent).toContain('That date is a Saturday');
  });

  it('never explains an emergency away', () => {
    const call = talk().says('i have chest pain at eight p m', { alternatives: ['four p m'] });
    expect(call.agent).toContain('emergency');
  });
});
