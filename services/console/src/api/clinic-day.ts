/** The calendar day ("2026-11-21") that it is in a zone at an instant. */
export const dayIn = (timeZone: string, at: Date) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at,
  );

/** How far the zone's clock is ahead of UTC at an instant, in ms. */
function offsetMs(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return (
    Date.UTC(
      value('year'),
      value('month') - 1,
      value('day'),
      value('hour'),
      value('minute'),
      value('second'),
    ) -
    Math.floor(at.getTime() / 1000) * 1000
  );
}

function midnight(day: string, timeZone: string): Date {
  const asUtc = new Date(`${day}T00:00:00Z`);
  const guess = new Date(asUtc.getTime() - offsetMs(timeZone, asUtc));
  // The zone's offset may differ between the guess and the day's real beginning: once more settles it.
  return new Date(asUtc.getTime() - offsetMs(timeZone, guess));
}

/** The clinic's calendar day as instants, half-open; 23 or 25 hours long when the clocks change. */
export function dayOf(day: string, timeZone: string): { from: Date; to: Date } {
  const next = new Date(new Date(`${day}T00:00:00Z`).getTime() + 86_400_000).toISOString().slice(0, 10);
  return { from: midnight(day, timeZone), to: midnight(next, timeZone) };
}

export const timeIn = (timeZone: string, iso: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

export const dateIn = (timeZone: string, iso: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(iso),
  );

/** "21 Nov, 14:15:09": an instant to compare with a log's. */
export const instantIn = (timeZone: string, iso: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(iso));

/** Milliseconds as a person says them: "850 ms", "4.2 s", "13 min", "5 h", "3 days". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}
