import { clockOf, minuteOf, problemsOf, type Clinic } from './clinic.ts';

const clinic: Clinic = {
  clinicId: 'c',
  name: 'Riverside Clinic',
  timeZone: 'America/New_York',
  language: 'en-US',
  numbers: ['+12025550110'],
  transferNumber: '+12025550119',
  emergencyNumber: '+12025550112',
  emergencyText: 'Please stay on the line.',
  assistantName: 'the assistant',
  openingHours: [{ isoWeekday: 1, fromMinute: 480, toMinute: 1440 }],
  doctors: [],
};

describe('a clinic', () => {
  it('has no problems as it should be', () => {
    expect(problemsOf(clinic)).toEqual([]);
  });

  it('tells everything that is wrong at once', () => {
    const problems = problemsOf({
      ...clinic,
      name: ' ',
      timeZone: 'EST5',
      numbers: ['2025550110'],
      openingHours: [{ isoWeekday: 8, fromMinute: 0, toMinute: 60 }],
    });
    expect(problems).toHaveLength(4);
  });
});

describe('clock readings', () => {
  it.each([
    ['00:00', 0],
    ['09:30', 570],
    ['24:00', 1440],
  ])('%s is minute %d', (clock, minute) => {
    expect(minuteOf(clock)).toBe(minute);
    expect(clockOf(minute)).toBe(clock);
  });

  it.each(['9:30', '24:01', '10:60', ''])('"%s" is refused', (clock) => {
    expect(() => minuteOf(clock)).toThrow(RangeError);
  });
});
