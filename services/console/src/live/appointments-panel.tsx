import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { dateIn, dayIn, timeIn } from '../api/clinic-day.ts';
import { queries } from '../api/queries.ts';
import type { Appointment, Clinic } from '../api/types.ts';
import { Panel } from '../parts/panel.tsx';

/** Today's appointments in the clinic's own day, and below them what has been booked for the weeks after. */
export function TodaysAppointments({ clinic }: { readonly clinic: Clinic }) {
  const day = useClinicDay(clinic.timeZone);
  const today = useQuery(queries.appointments(clinic.id, clinic.timeZone, day));
  const upcoming = useQuery(queries.upcoming(clinic.id, clinic.timeZone, day));
  const fresh = useFresh([...(today.data ?? []), ...(upcoming.data ?? [])]);
  return (
    <>
      <Panel
        title="Today’s appointments"
        query={today}
        empty={{ title: 'None today', text: 'Appointments of today appear here as they are booked.' }}
      >
        {(items) => <Rows items={items} clinic={clinic} fresh={fresh} withDate={false} />}
      </Panel>
      <Panel
        title="Coming up"
        query={upcoming}
        empty={{ title: 'None booked yet', text: 'What callers book for the next three weeks appears here.' }}
      >
        {(items) => <Rows items={items} clinic={clinic} fresh={fresh} withDate />}
      </Panel>
    </>
  );
}

interface RowsProps {
  readonly items: readonly Appointment[];
  readonly clinic: Clinic;
  readonly fresh: ReadonlySet<string>;
  readonly withDate: boolean;
}

function Rows({ items, clinic, fresh, withDate }: RowsProps) {
  return (
    <ul className="rows">
      {items.map((a) => (
        <li key={a.id} className={`row row-tall ${fresh.has(a.id) ? 'is-fresh' : ''}`}>
          <span className="row-time">
            {withDate && <span className="row-date">{dateIn(clinic.timeZone, a.start)}</span>}
            {timeIn(clinic.timeZone, a.start)}
          </span>
          <span className="row-main">
            {a.patient.name}
            <span className="row-sub">
              {a.doctorName} · {a.department}
            </span>
          </span>
          <span className="badge">{a.channel === 'phone' ? 'By phone' : 'Front desk'}</span>
        </li>
      ))}
    </ul>
  );
}

/** The clinic's calendar day, which changes at its midnight while the page stays open. */
function useClinicDay(timeZone: string): string {
  const [day, setDay] = useState(() => dayIn(timeZone, new Date()));
  useEffect(() => {
    setDay(dayIn(timeZone, new Date()));
    const timer = setInterval(() => setDay(dayIn(timeZone, new Date())), 30_000);
    return () => clearInterval(timer);
  }, [timeZone]);
  return day;
}

/** Ids that were not there when the page was opened: worth a glance. */
function useFresh(items: readonly Appointment[]): ReadonlySet<string> {
  const [known, setKnown] = useState<ReadonlySet<string>>();
  useEffect(() => {
    if (!known && items.length > 0) setKnown(new Set(items.map(({ id }) => id)));
  }, [known, items]);
  return new Set(known ? items.filter(({ id }) => !known.has(id)).map(({ id }) => id) : []);
}
