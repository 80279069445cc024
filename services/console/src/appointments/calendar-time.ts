/** The day so many days later: "2026-12-01". Calendar arithmetic, without a zone. */
export const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** 1 Monday to 7 Sunday. */
export const isoWeekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** Monday to Sunday of the week that a day is in. */
export function weekOf(day: string): readonly string[] {
  const monday = addDays(day, 1 - isoWeekday(day));
  return Array.from({ length: 7 }, (_, n) => addDays(monday, n));
}

export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** "Mon 23 Nov", "Monday, 23 November 2026". */
export const dayShort = (day: string) => dayText(day, { weekday: 'short', day: 'numeric', month: 'short' });
export const dayLong = (day: string) =>
  dayText(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const dayText = (day: string, o: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { ...o, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));

/** Minutes since midnight by a zone's clock. */
export function minutesIn(timeZone: string, iso: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(new Date(iso));
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return value('hour') * 60 + value('minute');
}

/** "09:30" as minutes since midnight. */
export const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What overlaps stands side by side: the place of each, and how many places there are where it is. */
export function lanesOf<T extends Span>(
  items: readonly T[],
): readonly (T & { readonly lane: number; readonly lanes: number })[] {
  const placed: (T & { lane: number; lanes: number })[] = [];
  let group: (T & { lane: number; lanes: number })[] = [];
  let groupEnds = -1;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane)) + 1;
    for (const entry of group) entry.lanes = lanes;
    placed.push(...group);
    group = [];
  };
  for (const item of items.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (item.from >= groupEnds) close();
    const taken = new Set(group.filter(({ to }) => to > item.from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    group.push({ ...item, lane, lanes: 1 });
    groupEnds = Math.max(group.length === 1 ? item.to : groupEnds, item.to);
  }
  close();
  return placed;
}

/** Whole hours that a day has to show: the opening hours and whatever lies outside of them. */
export function hoursFor(spans: readonly Span[]): Span {
  if (spans.length === 0) return { from: 8 * 60, to: 18 * 60 };
  return {
    from: Math.floor(Math.min(...spans.map(({ from }) => from)) / 60) * 60,
    to: Math.min(24 * 60, Math.ceil(Math.max(...spans.map(({ to }) => to)) / 60) * 60),
  };
}
