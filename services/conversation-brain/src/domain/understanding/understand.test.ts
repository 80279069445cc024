import { Temporal } from '@wardline/clinic-time';
import { aClinic } from '../../testing/clinic.ts';
import type { Expectation } from '@wardline/dialogue-words';
import { type Reading, understand } from './understand.ts';

const read = (phrase: string, ...expects: Expectation[]): Reading =>
  understand(phrase, { today: Temporal.PlainDate.from('2026-11-21'), clinic: aClinic(), expects });

describe('names of callers', () => {
  it.each([
    ['my name is alex morrison', 'Alex Morrison'],
    ["my name's alex morrison", 'Alex Morrison'],
    ['the name is maria garcia please', 'Maria Garcia'],
    ['this is alex morrison', 'Alex Morrison'],
    ["hi i'm alex morrison and i'd like an appointment", 'Alex Morrison'],
    ["the patient's name is emma white", 'Emma White'],
    ['my name is april jones', 'April Jones'],
    ["my name is sean o'brien", "Sean O'Brien"],
    ['my name is david brown', 'David Brown'],
    ['my name is alex morrison on tuesday', 'Alex Morrison'],
    ["i'm sick", undefined],
    ["i'm calling about my results", undefined],
    ['this is urgent', undefined],
    ["it's for tuesday", undefined],
    ['alex morrison', undefined],
  ])('"%s" names %s', (phrase, expected) => {
    expect(read(phrase, 'open').name).toBe(expected);
  });

  it.each([
    ['alex morrison', 'Alex Morrison'],
    ['alex morrison please', 'Alex Morrison'],
    ["it's alex morrison", 'Alex Morrison'],
    ['um alex morrison', 'Alex Morrison'],
    ['yes alex morrison', 'Alex Morrison'],
    ['laura miller', 'Laura Miller'],
    ['april jones', 'April Jones'],
    ['alex m o r r i s o n', 'Alex Morrison'],
    ['alex morrison m o r r i s o n', 'Alex Morrison'],
    ['tuesday', undefined],
    ['yes', undefined],
    ['no thank you', undefined],
    ['an operator please', undefined],
    ['can you repeat that', undefined],
  ])('asked for a name, "%s" names %s', (phrase, expected) => {
    expect(read(phrase, 'person-name').name).toBe(expected);
  });

  it('reads no date, doctor or time out of a name', () => {
    const reading = read('my name is april brown', 'open');
    expect(reading).toMatchObject({ name: 'April Brown', who: undefined, date: undefined, time: undefined });
  });
});

describe('what callers want', () => {
  it.each([
    ["i'd like to book an appointment", 'book'],
    ['i need an appointment', 'book'],
    ['cancel my appointment', 'cancel-appointment'],
    ['i want to cancel the appointment with doctor brown', 'cancel-appointment'],
    ['cancel my chest x-ray', 'cancel-appointment'],
    ['move my appointment to friday', 'move-appointment'],
    ['can you reschedule it to the twelfth of march at four thirty p m', 'move-appointment'],
    ['i need to change my appointment', 'move-appointment'],
    ['i want to speak to a person', 'person'],
    ['operator', 'person'],
    ['talk to somebody', 'person'],
    ['transfer me to a human', 'person'],
    ['let me speak to a nurse', 'person'],
    ['sorry could you repeat that please', 'repeat'],
    ['what did you say', 'repeat'],
    ['pardon', 'repeat'],
    ['please speak slower', 'slower'],
    ['please speak slowly', 'slower'],
    ['goodbye', 'goodbye'],
    ["no thank you that's all", 'goodbye'],
    ['hold on a moment', 'hold-on'],
    ['never mind', 'give-up'],
    ['i need a refill for my blood pressure medication', 'other-topic'],
    ['are my blood test results ready', 'other-topic'],
    ['do you accept blue cross insurance', 'other-topic'],
  ])('"%s" is %s', (phrase, expected) => {
    expect(read(phrase, 'open').intents[0]).toBe(expected);
  });

  it('reads several details from one sentence', () => {
    const reading = read("I'd like to book an appointment with doctor Sharma on tuesday morning", 'open');
    expect(reading).toMatchObject({
      who: { kind: 'found', who: { kind: 'doctor', doctorId: 'd-sharma' } },
      date: { kind: 'days', days: { first: '2026-11-24', last: '2026-11-24' } },
      time: { kind: 'window', from: 0, to: 720 },
    });
    expect(
      read('cardiology on friday the twenty seventh at two p m my name is alex morrison', 'open'),
    ).toMatchObject({
      who: { kind: 'found', who: { kind: 'department', department: 'Cardiology' } },
      date: { kind: 'days', days: { first: '2026-11-27' } },
      time: { kind: 'at', candidates: [840] },
      name: 'Alex Morrison',
    });
  });

  it.each([['as soon as possible'], ['the earliest you have'], ['what is the next available appointment']])(
    '"%s" means the soonest',
    (phrase) => {
      expect(read(phrase, 'open').soonest).toBe(true);
    },
  );
});

describe('choosing from an offer', () => {
  it.each([
    ['the first one', { kind: 'index', index: 0 }],
    ['first', { kind: 'index', index: 0 }],
    ['the second one please', { kind: 'index', index: 1 }],
    ['the third', { kind: 'index', index: 2 }],
    ['number two', { kind: 'index', index: 1 }],
    ['option three', { kind: 'index', index: 2 }],
    ['the earlier one', { kind: 'earliest' }],
    ['the earliest', { kind: 'earliest' }],
    ['the later one', { kind: 'latest' }],
    ['the last one', { kind: 'last' }],
    ['either is fine', { kind: 'any' }],
    ['none of those', { kind: 'none' }],
    ['another day', { kind: 'none' }],
    ['just a second', undefined],
    ['ten thirty', undefined],
    ['march third', undefined],
  ])('"%s" is %j', (phrase, expected) => {
    expect(read(phrase, 'time', 'date').choice).toEqual(expected);
  });
});

describe('digits', () => {
  it.each([
    ['two oh two five five five oh one four three', '2025550143'],
    ['two zero two, five five five, zero one four three', '2025550143'],
    ['my number is 202 555 0143', '2025550143'],
    ['+1 202 555 0143', '12025550143'],
    ['two oh two triple five oh one four three', '2025550143'],
    ['double seven zero nine', '7709'],
    ['two oh to five five', '20255'],
    ['twenty five fifty', '2550'],
    ['it is for two people', '2'],
    ['hello', ''],
  ])('"%s" is %s', (phrase, expected) => {
    expect(read(phrase, 'digits').digits).toBe(expected);
  });
});
