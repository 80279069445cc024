import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { OpeningHours } from '../api/settings-types.ts';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const time = '([01]\\d|2[0-3]):[0-5]\\d|24:00';

interface HoursEditorProps {
  readonly hours: readonly OpeningHours[];
  readonly onChange: (hours: readonly OpeningHours[]) => void;
}

/** Opening hours, a row per day; a day may have several, such as before and after noon. */
export function HoursEditor({ hours, onChange }: HoursEditorProps) {
  return (
    <ul className="hours">
      {days.map((name, index) => {
        const isoWeekday = index + 1;
        const ofDay = hours.filter((entry) => entry.isoWeekday === isoWeekday);
        // In the order of the week, and within a day as they were typed.
        const put = (changed: readonly OpeningHours[]) =>
          onChange(
            days.flatMap((_, n) => (n === index ? changed : hours.filter((h) => h.isoWeekday === n + 1))),
          );
        const set = (at: number, changes: Partial<OpeningHours>) =>
          put(ofDay.map((entry, n) => (n === at ? { ...entry, ...changes } : entry)));
        return (
          <li key={name} className="hours-day">
            <span className="hours-name">{name}</span>
            <span className="hours-spans">
              {ofDay.length === 0 && <span className="muted">Closed</span>}
              {ofDay.map((entry, n) => (
                <span key={n} className="hours-span">
                  <TextInput
                    aria-label={`${name}, opens`}
                    required
                    pattern={time}
                    title="A time such as 09:00"
                    value={entry.opens}
                    onChange={(event) => set(n, { opens: event.currentTarget.value })}
                  />
                  <span aria-hidden="true">–</span>
                  <TextInput
                    aria-label={`${name}, closes`}
                    required
                    pattern={time}
                    title="A time such as 17:00, at most 24:00"
                    value={entry.closes}
                    error={entry.closes <= entry.opens ? 'Later' : undefined}
                    onChange={(event) => set(n, { closes: event.currentTarget.value })}
                  />
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove ${entry.opens} to ${entry.closes} on ${name}`}
                    onClick={() => put(ofDay.filter((_, other) => other !== n))}
                  >
                    <IconX size={16} aria-hidden="true" />
                  </ActionIcon>
                </span>
              ))}
              <Button
                variant="subtle"
                size="xs"
                leftSection={<IconPlus size={15} aria-hidden="true" />}
                aria-label={`Add hours on ${name}`}
                onClick={() =>
                  put([...ofDay, { isoWeekday, opens: ofDay.length ? '13:00' : '09:00', closes: '17:00' }])
                }
              >
                Add
              </Button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
