import { useEffect } from 'react';

/** The tab's title: where one is, and in front of it what waits. */
const parts = { page: '', waiting: 0 };

function write(): void {
  const name = parts.page ? `${parts.page} · Wardline` : 'Wardline';
  document.title = parts.waiting > 0 ? `(${parts.waiting}) ${name}` : name;
}

/** Names the page in the tab; the latest one stands. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    parts.page = title;
    write();
  }, [title]);
}

/** How many calls wait for a person, in front of the tab's title. */
export function useWaitingInTitle(waiting: number): void {
  useEffect(() => {
    parts.waiting = waiting;
    write();
    return () => {
      parts.waiting = 0;
      write();
    };
  }, [waiting]);
}
