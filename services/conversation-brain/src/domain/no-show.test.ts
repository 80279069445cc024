import { slotAt } from '../testing/clinic.ts';
import { aScript, callingClinic, readyFlow } from '../testing/fake-outreach.ts';
import { Talk, type TalkOptions } from '../testing/talk.ts';

/** The ready script for people who did not come, beyond what every script does. */
const free = ['25T09:00', '25T11:00', '26T09:30', '27T11:00'].map((at) => slotAt(`2026-11-${at}`));
const { appointment, ...facts } = aScript({ flowId: 'no-show-recovery' });
const missed = { ...facts, appointment: { ...appointment!, startMs: slotAt('2026-11-20T10:30').startMs } };
const flow = readyFlow('no-show-recovery');
/** Behind the yes to "am I speaking with". `known`: the missed appointment is one of ours. */
const told = (known = true, o: TalkOptions = {}): Talk =>
  new Talk({
    clinic: callingClinic(),
    free,
    outbound: { script: known ? missed : facts, flow, machine: false },
    ...o,
  })
    .says('hello')
    .says('yes');
const ended = (talk: Talk): string | undefined => talk.hears().tools('hang-up').at(-1)?.outcome;

describe('whoever missed an appointment', () => {
  it.each([
    'yes please',
    'i would like a new appointment',
    'please book me one',
    'i want to make an appointment',
    'i would like one',
    'how about next week',
  ])('is offered times: "%s"', (said) => {
    expect(told().says(said).state.phase.kind).toBe('choosing');
  });

  it.each([
    'no thank you',
    'not now',
    'i do not want a new appointment',
    "i don't want to book",
    'i do not need one any more',
    'i already have a new appointment',
    'not interested',
  ])('is left alone: "%s"', (said) => {
    const talk = told().says(said);
    expect(talk.agent).toMatch(/^All right\. Nothing has been arranged/);
    expect([ended(talk), talk.tools('find-slots'), talk.booked]).toEqual(['not-booked', [], []]);
  });

  it('is offered the day and the doctor that were named with the yes', () => {
    expect(told().says('yes on friday please').agent).toMatch(
      /^Doctor Anita Sharma is free on Friday, November the twenty seventh, at eleven a m\. Would that suit/,
    );
    expect(told().says('can i come on thursday').agent).toMatch(/Thursday, November the twenty sixth/);
    const brown = told().says('yes with doctor brown please').tools('find-slots').at(-1);
    const doctor = callingClinic().doctors.find(({ name }) => name.includes('Brown'));
    expect(brown).toMatchObject({ who: { kind: 'doctor', doctorId: doctor!.doctorId } });
  });

  it('names the doctor where the appointment is not ours, and the day', () => {
    const talk = told(false);
    expect(talk.agent).toBe('We would like to offer you a new appointment. Would you like one?');
    expect(talk.says('yes').agent).toBe('Which doctor or department would you like?');
    expect(talk.says('doctor sharma').agent).toBe('Which day would suit you?');
    talk.says('the soonest').says('the second one').says('yes');
    expect(talk.booked).toMatchObject([{ name: 'Alex Morrison', slot: { startMs: free[1]!.startMs } }]);
    expect(ended(talk)).toBe('booked');
  });

  it.each([
    ['none of them', 'no thank you'],
    ['no', 'no'],
    ['not interested'],
    ['the first one', 'cancel it'],
    ['the first one', 'i do not want it'],
    ['the first one', 'no', 'never mind'],
  ])('wants none of the times: %s', (...says) => {
    const talk = told().says('yes');
    for (const said of says) talk.says(said);
    expect(talk.agent).toMatch(/^All right\. Nothing has been arranged/);
    expect([ended(talk), talk.booked]).toEqual(['not-booked', []]);
  });

  it('can be heard to say no where a day or a doctor is asked for', () => {
    for (const talk of [told().says('yes').says('no'), told(false).says('yes')]) {
      expect(talk.state.phase.kind).toBe('asking');
      expect(talk.last.findLast(({ type }) => type === 'listen')).toMatchObject({
        expects: expect.arrayContaining(['yes-no']),
      });
    }
    expect(ended(told(false).says('yes').says('no thank you'))).toBe('not-booked');
  });

  it('is not told of an appointment that is to come', () => {
    const script = { ...facts, appointment: appointment! };
    const talk = new Talk({ clinic: callingClinic(), free, outbound: { script, flow, machine: false } });
    expect(talk.says('hello').agent).toMatch(/nothing that we need to tell you any more/);
    expect(ended(talk)).toBe('not-booked');
  });
});
