import { castOf, fileOf, type CastOptions } from './cast.ts';
import { insideFor, localMinute, zoneByArea } from './zones.ts';

const o: CastOptions = {
  flow: 'appointment-reminder',
  patients: 20,
  seed: 7,
  now: new Date('2026-11-21T17:50:00Z'),
  minutes: 30,
  taken: new Set(),
};

describe('the cast of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(castOf(o)).toEqual(castOf(o));
    expect(castOf({ ...o, seed: 8 }).map((p) => p.number)).not.toEqual(castOf(o).map((p) => p.number));
  });

  it('has one of each that matters, and two on one phone', () => {
    const cast = castOf(o);
    const leaves = cast.map((p) => p.leave);
    for (const leave of ['do-not-call', 'outside-window', 'bad-row']) expect(leaves).toContain(leave);
    for (const wish of ['confirm', 'move', 'cancel', 'person', 'no-more-calls'])
      expect(cast.filter((p) => p.leave === 'may-be-called').map((p) => p.wish)).toContain(wish);
    const shared = cast.filter((p) => p.mayWait);
    expect(shared.map((p) => p.number)).toEqual([shared[0]!.number, shared[0]!.number]);
    const used = cast.filter((p) => p.number !== '' && !p.mayWait).map((p) => p.number);
    expect(new Set(used).size).toBe(used.length);
  });

  it('has twelve who missed an appointment, one of each kind that is called', () => {
    const cast = castOf({ ...o, flow: 'no-show-recovery', patients: 12 });
    expect(cast.map(({ leave }) => leave)).toEqual(cast.map(() => 'may-be-called'));
    const behaviours = new Set(cast.map(({ behaviour }) => behaviour));
    for (const one of ['book', 'decline', 'asks-for-person', 'do-not-call', 'opt-out-by-key', 'wrong-person'])
      expect(behaviours).toContain(one);
    for (const one of ['no-answer', 'busy', 'machine']) expect(behaviours).toContain(one);
    expect(cast.filter(({ elsewhere }) => elsewhere)).toHaveLength(1);
    expect(cast.filter(({ day }) => day !== undefined)).toHaveLength(1);
  });

  it('has the rare ones as well when there are two hundred', () => {
    const behaviours = new Set(castOf({ ...o, patients: 200 }).map(({ behaviour }) => behaviour));
    for (const one of ['silent', 'hangs-up', 'busy', 'rejects', 'invalid', 'refused', 'machine', 'no-answer'])
      expect(behaviours).toContain(one);
  });

  it.each(Array.from({ length: 24 }, (_, hour) => hour))('can be made at %i o’clock UTC', (hour) => {
    const now = new Date(Date.UTC(2026, 10, 21, hour, 10));
    for (const part of castOf({ ...o, patients: 200, now, minutes: 45 })) {
      if (part.leave === 'bad-row') continue;
      expect(insideFor(part.zone, now, 45)).toBe(part.leave !== 'outside-window');
      expect(part.number).toMatch(/^\+1\d{3}55501\d\d$/);
      if (part.zoneCell === '') expect(part.zone).toBe(zoneByArea.get(part.number.slice(2, 5)));
    }
  });

  it('leaves out numbers that have been called', () => {
    const first = castOf(o).map((p) => p.number);
    const taken = new Set(first);
    expect(castOf({ ...o, taken }).filter((p) => taken.has(p.number) && p.number !== '')).toEqual([]);
  });

  it('writes a file that quotes what must be quoted', () => {
    const one = { ...castOf(o)[0]!, appointment: 'a1' };
    const file = fileOf([
      { ...one, externalId: '=1+1', name: 'Walker, "Em"', phoneCell: '1', zoneCell: '', note: 'a\nb' },
    ]);
    expect(file).toBe(
      '\uFEFFMRN,Patient name,Phone,Time zone,Appointment,Note\r\n=1+1,"Walker, ""Em""",1,,a1,"a\nb"\r\n',
    );
  });

  it('knows when a window is about to change', () => {
    expect(localMinute('America/New_York', o.now)).toBe(12 * 60 + 50);
    expect(insideFor('America/New_York', new Date('2026-11-22T01:50:00Z'), 30)).toBeUndefined();
    expect(insideFor('America/New_York', new Date('2026-11-22T12:50:00Z'), 30)).toBeUndefined();
    expect(insideFor('America/New_York', new Date('2026-11-22T04:50:00Z'), 30)).toBe(false);
  });
});
