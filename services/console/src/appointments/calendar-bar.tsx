import { ActionIcon, Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { Doctor } from '../api/settings-types.ts';
import { useKeys } from '../shell/keys.ts';
import { addDays, dayLong, dayShort, weekOf } from './calendar-time.ts';

export interface CalendarView {
  readonly view: 'day' | 'week';
  readonly day: string;
  /** Empty: all of them. */
  readonly doctor: string;
}

interface BarProps extends CalendarView {
  readonly today: string;
  readonly doctors: readonly Doctor[];
  readonly onChange: (changes: Partial<CalendarView>) => void;
}

/** Which days of whom are shown. */
export function CalendarBar({ view, day, doctor, today, doctors, onChange }: BarProps) {
  const step = view === 'day' ? 1 : 7;
  const go = (direction: 1 | -1) => onChange({ day: addDays(day, direction * step) });
  useKeys({
    p: () => go(-1),
    n: () => go(1),
    t: () => onChange({ day: today }),
    d: () => onChange({ view: 'day' }),
    w: () => onChange({ view: 'week' }),
  });
  const week = weekOf(day);
  const shown = view === 'day' ? dayLong(day) : `${dayShort(week[0] ?? day)} to ${dayShort(week[6] ?? day)}`;
  return (
    <div className="calendar-bar">
      <div className="calendar-days">
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={view === 'day' ? 'The day before' : 'The week before'}
          title="P"
          onClick={() => go(-1)}
        >
          <IconChevronLeft size={18} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={view === 'day' ? 'The day after' : 'The week after'}
          title="N"
          onClick={() => go(1)}
        >
          <IconChevronRight size={18} aria-hidden="true" />
        </ActionIcon>
        <Button variant="default" title="T" disabled={day === today} onClick={() => onChange({ day: today })}>
          Today
        </Button>
        <h2 aria-live="polite">{shown}</h2>
      </div>
      <TextInput
        type="date"
        aria-label="Go to a day"
        value={day}
        onChange={(event) => event.currentTarget.value && onChange({ day: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Doctor"
        value={doctor}
        onChange={(event) => onChange({ doctor: event.currentTarget.value })}
        data={[
          { value: '', label: 'All doctors' },
          ...doctors.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <SegmentedControl
        aria-label="View"
        value={view}
        onChange={(value) => onChange({ view: value === 'week' ? 'week' : 'day' })}
        data={[
          { value: 'day', label: 'Day' },
          { value: 'week', label: 'Week' },
        ]}
      />
    </div>
  );
}
