import { createRandom, shuffled } from '@wardline/seeded-random';
import type { Wish } from './facts.ts';
import { type Flow, type Role, rolesOf } from './roles.ts';
import { fileZones, insideFor, window, zoneByArea } from './zones.ts';

/** One line of the file and the person behind it. */
export interface Part {
  readonly externalId: string;
  /** As in the file. */
  readonly name: string;
  readonly phoneCell: string;
  readonly zoneCell: string;
  readonly note: string;
  /** E.164; empty for a row that cannot be used. */
  readonly number: string;
  readonly zone: string;
  readonly behaviour: string;
  readonly wish: Wish;
  readonly leave: NonNullable<Role['leave']>;
  readonly mayWait: boolean;
  readonly accepts: 'first' | 'second';
  readonly elsewhere: boolean;
  readonly day: string | undefined;
}

const firstNames =
  'Emily James Olivia Daniel Laura Peter Hannah Simon Grace Adam Julia Martin Alice Oliver Nicole Harry'.split(
    ' ',
  );
const lastNames =
  'Walker Brooks Foster Palmer Turner Harris Bennett Coleman Parker Hughes Mason Fisher Graham Porter Reed Wells'.split(
    ' ',
  );

/** Cells that files of hospitals really have, and some that somebody put there on purpose. */
const nasty: readonly { name?: string; id?: string; note: string }[] = [
  { name: 'Jörg Müller', note: 'Umlaute: äöüß' },
  { name: 'Walker, Emily', note: 'a comma, in the name' },
  { name: 'Daniel "Dan" Foster', note: 'says "call me", then hangs up' },
  { id: "=cmd|'/C calc'!A0", note: '=HYPERLINK("http://example.org","click")' },
  { id: '@SUM(1+1)', note: 'two\nlines' },
  { name: "Grace O'Brien", note: '-2+3' },
];

const badCells: readonly { name?: string; phone?: string; zone?: string }[] = [
  { phone: '12345' },
  { phone: 'ask at the desk' },
  { name: '' },
  { zone: 'Mars/Phobos' },
  { phone: '' },
];

export interface CastOptions {
  readonly flow: Flow;
  readonly patients: number;
  readonly seed: number;
  readonly now: Date;
  /** How long the run may take: nobody's window may open or close in the meantime. */
  readonly minutes: number;
  /** Numbers that somebody has been called at already: they would have to wait for tomorrow. */
  readonly taken: ReadonlySet<string>;
}

/** Who is in the file: the same for the same seed and hour. Pure. */
export function castOf(o: CastOptions): Part[] {
  const random = createRandom(o.seed);
  const numbers = numbersFrom(o, random);
  const roles = shuffled(rolesOf(o.flow, o.patients), random);
  let sharedWith: { number: string; zone: string; zoneCell: string } | undefined;
  let bad = 0;
  return roles.map((role, i): Part => {
    const leave = role.leave ?? 'may-be-called';
    const at = role.shares && sharedWith ? sharedWith : numbers.next(leave !== 'outside-window');
    if (role.shares) sharedWith = sharedWith ? undefined : at;
    const odd = nasty[Math.floor(random() * nasty.length * 2)];
    const broken = leave === 'bad-row' ? badCells[bad++ % badCells.length]! : undefined;
    const name = `${pick(firstNames, random)} ${pick(lastNames, random)}`;
    return {
      externalId: odd?.id === undefined ? `MRN-${o.seed}-${i + 1}` : `${odd.id}-${o.seed}-${i + 1}`,
      name: broken?.name ?? odd?.name ?? name,
      phoneCell: broken?.phone ?? written(at.number, random),
      zoneCell: broken?.zone ?? at.zoneCell,
      note: odd?.note ?? '',
      number: broken ? '' : at.number,
      zone: at.zone,
      behaviour: role.behaviour,
      wish: role.wish,
      leave,
      mayWait: role.shares === true,
      accepts: random() < 0.5 ? 'first' : 'second',
      elsewhere: role.elsewhere === true,
      day: role.day,
    };
  });
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}

/** As people write numbers. */
function written(number: string, random: () => number): string {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number)!;
  return pick(
    [number, `(${area}) ${exchange}-${line}`, `1-${area}-${exchange}-${line}`, `${area}.${exchange}.${line}`],
    random,
  );
}

function numbersFrom(o: CastOptions, random: () => number) {
  // A zone's answer is the same for all its numbers; asking it six thousand times takes minutes.
  const known = new Map<string, boolean | undefined>();
  const isInside = (zone: string): boolean | undefined => {
    if (!known.has(zone)) known.set(zone, insideFor(zone, o.now, o.minutes));
    return known.get(zone);
  };
  const left = shuffled(
    [...zoneByArea.keys()].flatMap((area) =>
      Array.from({ length: 100 }, (_, n) => `+1${area}55501${String(n).padStart(2, '0')}`),
    ),
    random,
  ).filter((number) => !o.taken.has(number));
  return {
    /** A number of somebody who is inside the window all the while, or outside. Of half of them only the number tells. */
    next(inside: boolean): { number: string; zone: string; zoneCell: string } {
      const zones = fileZones.filter((zone) => isInside(zone) === inside);
      if (zones.length === 0) throw new Error('there is no time zone for that at this hour');
      const at = random() < 0.5 ? left.findIndex((n) => isInside(zoneOf(n)) === inside) : -1;
      const [number] = left.splice(Math.max(0, at), 1);
      if (number === undefined) throw new Error('there are no numbers left');
      if (at >= 0) return { number, zone: zoneOf(number), zoneCell: '' };
      const zone = pick(zones, random);
      return { number, zone, zoneCell: zone };
    },
  };
}

const zoneOf = (number: string): string => zoneByArea.get(number.slice(2, 5))!;

const columns = ['MRN', 'Patient name', 'Phone', 'Time zone', 'Appointment', 'Note'] as const;
export const mapping = {
  externalId: 'MRN',
  name: 'Patient name',
  phone: 'Phone',
  timeZone: 'Time zone',
  appointment: 'Appointment',
} as const;

/** The file as a hospital would export it: RFC 4180 with a byte order mark. */
export function fileOf(parts: readonly (Part & { readonly appointment: string })[]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = parts.map((p) => [p.externalId, p.name, p.phoneCell, p.zoneCell, p.appointment, p.note]);
  return `\uFEFF${[columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export const callingHours = { ...window, isoWeekdays: [1, 2, 3, 4, 5, 6, 7] } as const;
