import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Booked, Slot } from '../api/appointment-types.ts';
import { appointmentQueries, mostInOne } from '../api/appointments.ts';
import { dayIn, dayOf } from '../api/clinic-day.ts';
import type { Doctor } from '../api/settings-types.ts';
import { settingsQueries } from '../api/settings.ts';
import { useNow } from '../parts/ago.tsx';
import { Loaded, Skeleton } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useAddressQuery } from '../parts/router.tsx';
import { useShell } from '../shell/shell-context.ts';
import { AppointmentDialog } from './appointment-dialog.tsx';
import { BookDialog } from './book-dialog.tsx';
import { CalendarBar, type CalendarView } from './calendar-bar.tsx';
import { CalendarGrid } from './calendar-grid.tsx';
import { isDay, weekOf } from './calendar-time.ts';
import { columnsOf } from './columns.ts';
import { MoveDialog, Moving } from './move-appointment.tsx';
import './appointments.css';

/** The clinic's calendar: a day with a column per doctor, or a week; the address says which. */
export default function AppointmentsPage() {
  const { clinic, may } = useShell();
  const { timeZone } = clinic;
  const [values, change] = useAddressQuery();
  const today = dayIn(timeZone, new Date(useNow(30_000)));
  const view: CalendarView = {
    view: values['view'] === 'week' ? 'week' : 'day',
    day: isDay(values['day']) ? values['day'] : today,
    doctor: values['doctor'] ?? '',
  };
  const [open, setOpen] = useState<Booked>();
  const [moving, setMoving] = useState<Booked>();
  const [chosen, setChosen] = useState<Slot>();

  const days = view.view === 'day' ? [view.day] : weekOf(view.day);
  const span = {
    ...{ clinic: clinic.id, doctor: view.doctor },
    from: dayOf(days[0] ?? view.day, timeZone).from,
    to: dayOf(days.at(-1) ?? view.day, timeZone).to,
  };
  const withoutSlots = view.view === 'week' && view.doctor === '';
  const facts = useQuery(settingsQueries.clinics);
  const booked = useQuery(appointmentQueries.span(span));
  const slots = useQuery({
    ...appointmentQueries.slots(span),
    enabled: may('appointments:write') && !withoutSlots && span.to.getTime() > Date.now(),
  });
  const whole = facts.data?.find(({ id }) => id === clinic.id);
  const doctors: readonly Doctor[] = whole?.doctors ?? [];

  return (
    <Page
      title="Appointments"
      lead={
        may('appointments:write')
          ? `Times of ${clinic.name}. Choose a free time to book it, an appointment to confirm, move or cancel it.`
          : `Times of ${clinic.name}.`
      }
    >
      <section className="panel column" aria-label="Calendar">
        <CalendarBar
          {...view}
          today={today}
          doctors={doctors}
          onChange={(changes) =>
            change({
              ...changes,
              ...(changes.view === 'day' ? { view: '' } : {}),
              ...(changes.day === today ? { day: '' } : {}),
            })
          }
        />
        {moving && (
          <Moving
            appointment={moving}
            timeZone={timeZone}
            withoutSlots={withoutSlots}
            onStop={() => setMoving(undefined)}
          />
        )}
        <Loaded query={booked} rows={8} isEmpty={() => false}>
          {(items) =>
            facts.isPending ? (
              <Skeleton rows={8} />
            ) : (
              <>
                <CalendarGrid
                  columns={columnsOf({
                    ...{ view: view.view, days, doctor: view.doctor, doctors, timeZone },
                    openingHours: whole?.openingHours ?? [],
                    appointments: items.filter(({ status }) => status === 'booked'),
                    slots: withoutSlots
                      ? []
                      : (slots.data ?? []).filter(({ start }) => Date.parse(start) > Date.now()),
                  })}
                  timeZone={timeZone}
                  withDoctor={view.view === 'week' && view.doctor === ''}
                  moving={moving?.id}
                  onAppointment={setOpen}
                  onSlot={setChosen}
                />
                {items.length >= mostInOne && (
                  <p className="muted">More than can be shown at once: choose a doctor.</p>
                )}
              </>
            )
          }
        </Loaded>
        <Legend withoutSlots={withoutSlots} />
      </section>
      {open && (
        <AppointmentDialog
          appointment={open}
          timeZone={timeZone}
          onMove={() => {
            setMoving(open);
            setOpen(undefined);
          }}
          onClose={() => setOpen(undefined)}
        />
      )}
      {chosen && !moving && (
        <BookDialog
          clinic={clinic.id}
          slot={chosen}
          timeZone={timeZone}
          onClose={() => setChosen(undefined)}
        />
      )}
      {chosen && moving && (
        <MoveDialog
          appointment={moving}
          slot={chosen}
          timeZone={timeZone}
          onClose={() => setChosen(undefined)}
          onMoved={() => {
            setChosen(undefined);
            setMoving(undefined);
          }}
        />
      )}
    </Page>
  );
}

function Legend({ withoutSlots }: { readonly withoutSlots: boolean }) {
  const { may } = useShell();
  return (
    <ul className="calendar-legend">
      <li>
        <span className="swatch is-confirmed" aria-hidden="true" /> Confirmed
      </li>
      <li>
        <span className="swatch" aria-hidden="true" /> Booked, not confirmed
      </li>
      {may('appointments:write') && (
        <li>
          <span className="swatch is-free" aria-hidden="true" />{' '}
          {withoutSlots ? 'Free times: choose a doctor or the day view' : 'Free'}
        </li>
      )}
      <li>
        Keys: <span className="kbd">P</span> <span className="kbd">N</span> before, after ·{' '}
        <span className="kbd">T</span> today · <span className="kbd">D</span> <span className="kbd">W</span>{' '}
        day, week · arrows between entries
      </li>
    </ul>
  );
}
