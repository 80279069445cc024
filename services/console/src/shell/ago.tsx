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
