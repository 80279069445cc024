import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CampaignSettings, Flow } from '../api/campaign-types.ts';
import { FormError } from '../parts/form-error.tsx';
import { FlowChoice } from './flow-choice.tsx';
import { regions } from './regions.ts';
import { weekdays } from './words.ts';

interface SettingsFormProps {
  readonly settings: CampaignSettings;
  readonly flows: readonly Flow[];
  readonly action: string;
  readonly busy: boolean;
  readonly error: Error | null;
  /** Beside the button. */
  readonly beside?: ReactNode;
  readonly onSave: (settings: CampaignSettings) => void;
}

/** Half hours of a day, and what else is set already. */
function timesWith(time: string, from: string, to: string): string[] {
  const halves = Array.from(
    { length: 49 },
    (_, n) => `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`,
  );
  return [...new Set([...halves.filter((half) => half >= from && half <= to), time])].toSorted();
}

/** When and how a campaign calls. What does not fit together is said by the service that knows. */
export function SettingsForm({ settings, flows, action, busy, error, beside, onSave }: SettingsFormProps) {
  const [s, setSettings] = useState(settings);
  const set = (changes: Partial<CampaignSettings>) => setSettings((before) => ({ ...before, ...changes }));
  const toggle = (day: number) =>
    set({
      isoWeekdays: s.isoWeekdays.includes(day)
        ? s.isoWeekdays.filter((other) => other !== day)
        : [...s.isoWeekdays, day].toSorted((a, b) => a - b),
    });
  const backwards = s.fromLocalTime >= s.toLocalTime;
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ ...s, name: s.name.trim() });
      }}
    >
      <section className="panel form" aria-labelledby="what">
        <h2 id="what">What it is</h2>
        <TextInput
          label="Name"
          placeholder="Reminders for next week"
          required
          maxLength={120}
          value={s.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <FlowChoice flows={flows} value={s.flow} onChange={(flow) => set({ flow })} />
      </section>

      <section className="panel form" aria-labelledby="when">
        <h2 id="when">When it calls</h2>
        <fieldset>
          <legend>Days</legend>
          <div className="days">
            {weekdays.map((name, index) => (
              <label key={name} className="day">
                <input
                  type="checkbox"
                  checked={s.isoWeekdays.includes(index + 1)}
                  onChange={() => toggle(index + 1)}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="pair">
          <NativeSelect
            label="From"
            value={s.fromLocalTime}
            data={timesWith(s.fromLocalTime, '00:00', '23:30')}
            onChange={(event) => set({ fromLocalTime: event.currentTarget.value })}
          />
          <NativeSelect
            label="To"
            value={s.toLocalTime}
            data={timesWith(s.toLocalTime, '00:30', '24:00')}
            error={backwards ? 'Has to be later than the beginning' : undefined}
            onChange={(event) => set({ toLocalTime: event.currentTarget.value })}
          />
        </div>
        <p className="field-hint">
          In the called person’s local time. The law narrows this further where it has to: in the United
          States nobody is called before 08:00 or after 21:00.
        </p>
        <div className="pair">
          <TextInput
            label="First day"
            description="Empty: as soon as it is started"
            type="date"
            value={s.firstDay}
            max={s.lastDay || undefined}
            onChange={(event) => set({ firstDay: event.currentTarget.value })}
          />
          <TextInput
            label="Last day"
            description="Empty: until everybody is reached"
            type="date"
            value={s.lastDay}
            min={s.firstDay || undefined}
            onChange={(event) => set({ lastDay: event.currentTarget.value })}
          />
        </div>
      </section>

      <section className="panel form" aria-labelledby="how">
        <h2 id="how">How it calls</h2>
        <div className="quads">
          <Count
            label="Calls at once"
            hint="1 to 100"
            max={100}
            value={s.callsAtOnceMax}
            onChange={(callsAtOnceMax) => set({ callsAtOnceMax })}
          />
          <Count
            label="Let it ring"
            hint="10 to 60 seconds"
            min={10}
            max={60}
            value={s.ringSeconds}
            onChange={(ringSeconds) => set({ ringSeconds })}
          />
          <Count
            label="Calls per person"
            hint="1 to 5 in all"
            max={5}
            value={s.attemptsMax}
            onChange={(attemptsMax) => set({ attemptsMax })}
          />
          <Count
            label="Calls per person and day"
            hint="1 to 5"
            max={5}
            value={s.attemptsPerDayMax}
            onChange={(attemptsPerDayMax) => set({ attemptsPerDayMax })}
          />
        </div>
        <NativeSelect
          label="Country of numbers without a country’s code"
          className="narrow"
          value={s.defaultRegion}
          data={regions}
          onChange={(event) => set({ defaultRegion: event.currentTarget.value })}
        />
      </section>

      <FormError error={error} />
      <div className="form-end">
        {beside}
        <Button
          type="submit"
          loading={busy}
          disabled={backwards || s.isoWeekdays.length === 0 || s.flow === ''}
        >
          {action}
        </Button>
      </div>
    </form>
  );
}

interface CountProps {
  readonly label: string;
  readonly hint: string;
  readonly min?: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Count({ label, hint, min = 1, max, value, onChange }: CountProps) {
  // What is typed on the way to a number ("", "1" of "15") is kept as it is; the form is not sent while it is out of bounds.
  const [typed, setTyped] = useState(String(value));
  return (
    <TextInput
      label={label}
      description={hint}
      type="number"
      inputMode="numeric"
      required
      min={min}
      max={max}
      step={1}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        if (event.currentTarget.validity.valid) onChange(event.currentTarget.valueAsNumber);
      }}
    />
  );
}
