import { changeText } from './change-text.ts';

const booked = {
  change: 'booked' as const,
  clinicName: 'Riverside Clinic',
  doctorName: 'Dr. Anita Sharma',
  startMs: Date.parse('2026-03-03T15:30:00Z'),
  timeZone: 'America/New_York',
  clinicNumber: '+12025550110',
};

describe('what a patient is told', () => {
  it('says clinic, doctor and the time on the clinic’s clock', () => {
    expect(changeText(booked)).toBe(
      'Riverside Clinic: you are booked with Dr. Anita Sharma on Tue 3 March at 10:30. Call +12025550110 to change.',
    );
  });

  it.each([
    ['2026-03-08T06:30:00Z', 'Sun 8 March at 01:30'],
    ['2026-03-08T07:00:00Z', 'Sun 8 March at 03:00'],
    ['2026-11-01T05:30:00Z', 'Sun 1 November at 01:30'],
    ['2026-11-01T06:30:00Z', 'Sun 1 November at 01:30'],
    ['2027-01-01T04:59:00Z', 'Thu 31 December at 23:59'],
  ])('at %s it is %s', (instant, expected) => {
    expect(changeText({ ...booked, startMs: Date.parse(instant) })).toContain(` on ${expected}.`);
  });

  it('names no number that is not there', () => {
    expect(changeText({ ...booked, clinicNumber: undefined })).toMatch(/at 10:30\.$/);
  });

  it('tells a move and a cancellation', () => {
    expect(changeText({ ...booked, change: 'moved' })).toBe(
      'Riverside Clinic: your appointment with Dr. Anita Sharma is now on Tue 3 March at 10:30. Call +12025550110 to change.',
    );
    expect(changeText({ ...booked, change: 'cancelled' })).toBe(
      'Riverside Clinic: your appointment with Dr. Anita Sharma on Tue 3 March at 10:30 is cancelled. Call +12025550110 to book another one.',
    );
  });
});
