import { useEffect, useState } from 'react';
import { duration, instantIn } from '../api/clinic-day.ts';

/** The present, looked at again every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How long ago something was; the exact instant is in its title. */
export function Ago({ at, timeZone }: { readonly at: string; readonly timeZone: string }) {
  const now = useNow(15_000);
  const ms = now - Date.parse(at);
  return (
    <time dateTime={at} title={instantIn(timeZone, at)}>
      {ms < 60_000 ? 'just now' : `${duration(ms)} ago`}
    </time>
  );
}

/** "3:07", "1:02:30". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** A running clock since an instant, or until one. */
export function Elapsed({ since, until }: { readonly since: string; readonly until?: string | null }) {
  const now = useNow(1_000);
  const seconds = Math.max(0, ((until ? Date.parse(until) : now) - Date.parse(since)) / 1_000);
  return (
    <time className="elapsed" dateTime={`PT${Math.floor(seconds)}S`}>
      {clock(seconds)}
    </time>
  );
}
