import { IconCheck, IconPhone } from '@tabler/icons-react';
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react';
import type { Booked, Slot } from '../api/appointment-types.ts';
import { dayIn, timeIn } from '../api/clinic-day.ts';
import { useNow } from '../parts/ago.tsx';
import { hoursFor, lanesOf, minutesIn, type Span } from './calendar-time.ts';
import { isConfirmed, timesOf } from './words.ts';

export interface CalendarColumn {
  readonly key: string;
  readonly title: string;
  readonly sub: string;
  /** The clinic's calendar day that it shows. */
  readonly day: string;
  readonly open: readonly Span[];
  readonly appointments: readonly Booked[];
  readonly slots: readonly Slot[];
}

interface GridProps {
  readonly columns: readonly CalendarColumn[];
  readonly timeZone: string;
  /** Whether a name stands with each appointment's doctor. */
  readonly withDoctor: boolean;
  /** The one that is being moved. */
  readonly moving: string | undefined;
  readonly onAppointment: (appointment: Booked) => void;
  readonly onSlot: (slot: Slot) => void;
}

type Entry = Span & { readonly key: string } & (
    | { readonly appointment: Booked; readonly slot?: undefined }
    | { readonly slot: Slot; readonly appointment?: undefined }
  );

function entriesOf({ appointments, slots }: CalendarColumn, timeZone: string): readonly Entry[] {
  // By the clock where it begins: on the night when clocks change an hour is missing or there twice, and nobody has an appointment.
  const span = (item: { readonly start: string; readonly end: string }): Span => {
    const from = minutesIn(timeZone, item.start);
    return { from, to: from + Math.max(5, (Date.parse(item.end) - Date.parse(item.start)) / 60_000) };
  };
  return [
    ...appointments.map((appointment) => ({ ...span(appointment), key: appointment.id, appointment })),
    ...slots.map((slot) => ({ ...span(slot), key: `${slot.doctor} ${slot.start}`, slot })),
  ];
}

const steps: Record<string, readonly [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** The entry that an arrow key leads to: above and below in the same column, else the nearest time of the next one that has any. */
function reached(box: HTMLElement, from: HTMLElement, key: string): HTMLElement | undefined {
  const [across, along] = steps[key] ?? [0, 0];
  const columns = [...box.querySelectorAll<HTMLElement>('.calendar-column')].map((column) =>
    [...column.querySelectorAll<HTMLElement>('[data-from]')].toSorted((a, b) => at(a) - at(b)),
  );
  const column = columns.findIndex((entries) => entries.includes(from));
  if (along !== 0) return columns[column]?.[(columns[column]?.indexOf(from) ?? 0) + along];
  for (let next = column + across; next >= 0 && next < columns.length; next += across) {
    const entries = columns[next] ?? [];
    if (entries.length > 0)
      return entries.toSorted((a, b) => Math.abs(at(a) - at(from)) - Math.abs(at(b) - at(from)))[0];
  }
  return undefined;
}
const at = (entry: HTMLElement) => Number(entry.dataset['from']);

/** Columns over a time grid. One stop for the tab key; arrows go from entry to entry. */
export function CalendarGrid(props: GridProps) {
  const { columns, timeZone } = props;
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const filled = columns.map((column) => ({ column, entries: lanesOf(entriesOf(column, timeZone)) }));
  const hours = hoursFor(filled.flatMap(({ column, entries }) => [...column.open, ...entries]));
  const all = filled.flatMap(({ entries }) => entries);
  const stop = all.some(({ key }) => key === active) ? active : all[0]?.key;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const entry = (event.target as HTMLElement).closest<HTMLElement>('[data-from]');
    if (!entry || !box.current || !(event.key in steps)) return;
    event.preventDefault();
    reached(box.current, entry, event.key)?.focus();
  };
  const marks = Array.from({ length: (hours.to - hours.from) / 60 }, (_, n) => hours.from / 60 + n);
  return (
    <div
      ref={box}
      className="calendar"
      onKeyDown={onKeyDown}
      style={
        {
          '--from': hours.from,
          '--minutes': hours.to - hours.from,
          '--columns': columns.length,
        } as CSSProperties
      }
    >
      <div className="calendar-hours" aria-hidden="true">
        {marks.map((hour) => (
          <span key={hour} style={{ '--at': hour * 60 } as CSSProperties}>
            {String(hour).padStart(2, '0')}:00
          </span>
        ))}
      </div>
      {filled.map(({ column, entries }) => (
        <section key={column.key} className="calendar-column" aria-label={`${column.title}, ${column.sub}`}>
          <header className="calendar-head">
            <strong>{column.title}</strong>
            <span>{column.sub}</span>
          </header>
          <div className="calendar-body">
            <Closed open={column.open} hours={hours} />
            <NowLine day={column.day} timeZone={timeZone} hours={hours} />
            <ul>
              {entries.map((entry) => (
                <li
                  key={entry.key}
                  style={
                    {
                      ...{ '--at': entry.from, '--long': entry.to - entry.from },
                      ...{ '--lane': entry.lane, '--lanes': entry.lanes },
                    } as CSSProperties
                  }
                >
                  {entry.appointment ? (
                    <Taken
                      {...props}
                      appointment={entry.appointment}
                      from={entry.from}
                      tabIndex={entry.key === stop ? 0 : -1}
                      onFocus={() => setActive(entry.key)}
                    />
                  ) : (
                    <button
                      type="button"
                      className="entry entry-free"
                      data-from={entry.from}
                      tabIndex={entry.key === stop ? 0 : -1}
                      aria-label={`Free, ${timesOf(timeZone, entry.slot)}, ${entry.slot.doctorName}`}
                      onFocus={() => setActive(entry.key)}
                      onClick={() => props.onSlot(entry.slot)}
                    >
                      {timeIn(timeZone, entry.slot.start)}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        </section>
      ))}
    </div>
  );
}

interface TakenProps extends GridProps {
  readonly appointment: Booked;
  readonly from: number;
  readonly tabIndex: number;
  readonly onFocus: () => void;
}

function Taken({
  appointment: a,
  timeZone,
  withDoctor,
  moving,
  from,
  tabIndex,
  onFocus,
  onAppointment,
}: TakenProps) {
  const confirmed = isConfirmed(a);
  return (
    <button
      type="button"
      className={`entry entry-taken ${confirmed ? 'is-confirmed' : ''} ${moving === a.id ? 'is-moving' : ''}`}
      data-from={from}
      tabIndex={tabIndex}
      title={`${timeIn(timeZone, a.start)} ${a.patient.name}, ${a.doctorName}`}
      onFocus={onFocus}
      onClick={() => onAppointment(a)}
    >
      <span className="entry-time">{timeIn(timeZone, a.start)}</span>{' '}
      <span className="entry-name">{a.patient.name}</span>
      <span className="for-readers">, until {timeIn(timeZone, a.end)}, </span>
      <span className={withDoctor ? 'entry-doctor' : 'for-readers'}>{a.doctorName}</span>
      <span className="for-readers">
        {confirmed && ', confirmed'}
        {a.channel === 'phone' && ', by phone'}
      </span>
      <span className="entry-marks" aria-hidden="true">
        {a.channel === 'phone' && <IconPhone size={14} />}
        {confirmed && <IconCheck size={15} stroke={2.5} />}
      </span>
    </button>
  );
}

function Closed({ open, hours }: { readonly open: readonly Span[]; readonly hours: Span }) {
  const closed: Span[] = [];
  let from = hours.from;
  for (const span of open.toSorted((a, b) => a.from - b.from)) {
    if (span.from > from) closed.push({ from, to: span.from });
    from = Math.max(from, span.to);
  }
  if (from < hours.to) closed.push({ from, to: hours.to });
  return closed.map((span) => (
    <span
      key={span.from}
      className="closed"
      aria-hidden="true"
      style={{ '--at': span.from, '--long': span.to - span.from } as CSSProperties}
    />
  ));
}

function NowLine({
  day,
  timeZone,
  hours,
}: {
  readonly day: string;
  readonly timeZone: string;
  readonly hours: Span;
}) {
  const now = new Date(useNow(30_000));
  const minute = minutesIn(timeZone, now.toISOString());
  if (dayIn(timeZone, now) !== day || minute < hours.from || minute > hours.to) return null;
  return <span className="now-line" aria-hidden="true" style={{ '--at': minute } as CSSProperties} />;
}
