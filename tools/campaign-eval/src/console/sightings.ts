import type { Progress } from '../manager.ts';

/** The counters as they stand in the page. */
export interface Counters {
  readonly people: number;
  readonly done: number;
  readonly inACall: number;
  readonly waiting: number;
  readonly callsMade: number;
}

/** One look at the page, and what the API had said just before. */
export interface Sighting {
  readonly atMs: number;
  readonly page: Counters;
  readonly told: Progress;
}

/** The page asks every two seconds; on a machine that is busy with audio an answer takes its time. */
const lagMsMax = 15_000;
/** So many different numbers of calls are enough to say that it moves. */
const stepsMin = 3;

/** What is wrong with how the page kept up with the campaign. Pure. */
export function sightingProblems(
  sightings: readonly Sighting[],
  outages: readonly { readonly atMs: number; readonly backMs: number }[],
): string[] {
  const [first] = sightings;
  if (!first) return ['the progress page was never looked at'];
  const found: string[] = [];
  const steps = (of: (s: Sighting) => number) => new Set(sightings.map(of)).size;
  const [seen, there] = [steps((s) => s.page.callsMade), steps((s) => s.told.calls)];
  if (seen < Math.min(stepsMin, there))
    found.push(`the progress page does not move: ${seen} numbers of calls were seen of ${there}`);
  for (const [name, of] of [
    ['Done', (s: Sighting) => s.page.done],
    ['Calls made', (s: Sighting) => s.page.callsMade],
  ] as const) {
    const back = sightings.find((s, i) => i > 0 && of(s) < of(sightings[i - 1]!));
    if (back) found.push(`"${name}" went back to ${of(back)} in the progress page`);
  }
  const other = sightings.find((s) => s.page.people !== s.told.recipients);
  if (other) found.push(`the progress page says ${other.page.people} people of ${other.told.recipients}`);
  const late = sightings.find((s) => isLeftBehind(s, sightings, outages));
  if (late)
    found.push(`the progress page did not show ${late.told.calls} calls within ${lagMsMax / 1_000} s`);
  return found;
}

/** What the API said then was not in the page in time; without a later look nobody can tell. */
function isLeftBehind(
  { atMs, told }: Sighting,
  all: readonly Sighting[],
  outages: readonly { atMs: number; backMs: number }[],
): boolean {
  const away = outages.filter((o) => o.backMs >= atMs && o.atMs <= atMs + lagMsMax);
  const until = Math.max(atMs, ...away.map((o) => o.backMs)) + lagMsMax;
  // The first look after that time: what it does not show has not come in time.
  const last = all.findIndex((s) => s.atMs >= until);
  if (last < 0) return false;
  const shows = ({ page }: Sighting) => page.callsMade >= told.calls && page.done >= told.settled;
  return !all.slice(0, last + 1).some((s) => s.atMs >= atMs && shows(s));
}
