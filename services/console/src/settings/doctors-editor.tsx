import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Doctor } from '../api/settings-types.ts';

interface DoctorsEditorProps {
  readonly doctors: readonly Doctor[];
  readonly onChange: (doctors: readonly Doctor[]) => void;
}

/** Who can be asked for and booked. */
export function DoctorsEditor({ doctors, onChange }: DoctorsEditorProps) {
  const set = (at: number, changes: Partial<Doctor>) =>
    onChange(doctors.map((doctor, n) => (n === at ? { ...doctor, ...changes } : doctor)));
  return (
    <div className="column">
      <ul className="doctors">
        {doctors.map((doctor, n) => (
          <li key={doctor.id || `new ${n}`} className="doctor">
            <TextInput
              label="Name"
              required
              maxLength={120}
              value={doctor.name}
              onChange={(event) => set(n, { name: event.currentTarget.value })}
            />
            <TextInput
              label="Department"
              required
              maxLength={120}
              value={doctor.department}
              onChange={(event) => set(n, { department: event.currentTarget.value })}
            />
            <Names
              label="Also called"
              names={doctor.alsoCalled}
              onChange={(alsoCalled) => set(n, { alsoCalled })}
            />
            <label className="choice">
              <input
                type="checkbox"
                checked={doctor.acceptsBookings}
                onChange={() => set(n, { acceptsBookings: !doctor.acceptsBookings })}
              />
              Takes bookings
            </label>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${doctor.name || 'this doctor'}`}
              onClick={() => onChange(doctors.filter((_, other) => other !== n))}
            >
              <IconX size={18} aria-hidden="true" />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <p>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() =>
            onChange([
              ...doctors,
              { id: '', name: '', department: '', alsoCalled: [], acceptsBookings: true },
            ])
          }
        >
          Add a doctor
        </Button>
      </p>
    </div>
  );
}

const namesOf = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** Names with commas between them. What is typed stays as it is; what it says is passed on. */
function Names(props: {
  readonly label: string;
  readonly names: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}) {
  const joined = props.names.join(', ');
  const [typed, setTyped] = useState(joined);
  useEffect(() => setTyped((before) => (namesOf(before).join(', ') === joined ? before : joined)), [joined]);
  return (
    <TextInput
      label={props.label}
      placeholder="heart doctor, heart specialist"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        props.onChange(namesOf(event.currentTarget.value));
      }}
    />
  );
}
