import { aClinic, brown, miller, sharma } from '../../testing/clinic.ts';
import type { ClinicFacts } from '../clinic.ts';
import { keyOf, readWho, type WhoWish } from './who.ts';
import { tokensOf } from './words.ts';

const named: Record<string, string> = {
  [sharma.doctorId]: 'sharma',
  [brown.doctorId]: 'brown',
  [miller.doctorId]: 'miller',
  'd-muller': 'muller',
  'd-lmiller': 'miller2',
};
const short = (who: WhoWish): string =>
  who.kind === 'doctor' ? (named[who.doctorId] ?? who.doctorId) : keyOf(who);

function read(phrase: string, o: { expectsWho?: boolean; clinic?: ClinicFacts } = {}): string {
  const reading = readWho(tokensOf(phrase), {
    clinic: o.clinic ?? aClinic(),
    expectsWho: o.expectsWho ?? false,
  });
  if (!reading) return '-';
  if (reading.kind === 'found') return short(reading.who);
  if (reading.kind === 'unsure') return `${short(reading.who)}?`;
  if (reading.kind === 'ambiguous') return reading.options.map(short).sort().join(' or ');
  return 'unknown';
}

describe('doctors and departments', () => {
  it.each([
    ['doctor sharma', 'sharma'],
    ['dr. Sharma', 'sharma'],
    ["i'd like to see doctor sharma on tuesday", 'sharma'],
    ['anita sharma', 'sharma'],
    ['doctor anita sharma', 'sharma'],
    ['doctor anita', 'sharma'],
    ['doctor shama', 'sharma'],
    ['doctor charma', 'sharma'],
    ['doctor sharmer', 'sharma?'],
    ['doctor miler', 'miller'],
    ['doctor muller', 'miller'],
    ['doctor braun', 'brown'],
    ['doctor brown', 'brown'],
    ['with brown please', 'brown'],
    ['cardiology', 'department Cardiology'],
    ['card eology', 'department Cardiology'],
    ['cardiologist', 'department Cardiology'],
    ['the heart doctor', 'department Cardiology'],
    ['a skin doctor', 'department Dermatology'],
    ['dermatology', 'department Dermatology'],
    ['dermotology', 'department Dermatology'],
    ['my family doctor', 'department General Medicine'],
    ['general medicine', 'department General Medicine'],
    ['doctor sharma in cardiology', 'sharma'],
    ['doctor miller or doctor brown', 'brown or miller'],
    ['not doctor brown doctor miller', 'miller'],
    ['any doctor', 'any'],
    ['doctor gonzales', 'unknown'],
    ['doctor xyzzy on tuesday', 'unknown'],
    ['i need a doctor on monday', '-'],
    ['see a doctor tomorrow morning', '-'],
    ['good morning', '-'],
    ['yes please', '-'],
    ["i'd like to book an appointment", '-'],
  ])('"%s" is %s', (phrase, expected) => {
    expect(read(phrase)).toBe(expected);
  });

  it('asks when two fit about equally well, and takes a full name', () => {
    const clinic = aClinic({
      doctors: [miller, { ...miller, doctorId: 'd-lmiller', name: 'Dr. Peter Miller' }, brown],
    });
    expect(read('doctor miller', { clinic })).toBe('miller or miller2');
    expect(read('doctor laura miller', { clinic })).toBe('miller');
    expect(read('doctor peter miller', { clinic })).toBe('miller2');
    expect(read('dermatology', { clinic })).toBe('department Dermatology');
  });

  it('asks back when a likeness is weak, and only where a doctor is meant', () => {
    expect(read('doctor sherman')).toBe('sharma?');
    expect(read('sherman', { expectsWho: true })).toBe('sharma?');
    expect(read('my name is sherman')).toBe('-');
  });

  it('takes an indifferent answer when it asked', () => {
    expect(read("it doesn't matter", { expectsWho: true })).toBe('any');
    expect(read("it doesn't matter")).toBe('-');
  });
});
