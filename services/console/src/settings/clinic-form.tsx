import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/client.ts';
import type { ClinicFacts } from '../api/settings-types.ts';
import { settings, settingsQueries } from '../api/settings.ts';
import { FormError } from '../parts/form-error.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/panel.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { DoctorsEditor } from './doctors-editor.tsx';
import { HoursEditor } from './hours-editor.tsx';
import { NumberField } from './number-field.tsx';

const zones = Intl.supportedValuesOf('timeZone');

/**
 * All that can be set of a clinic, saved as a whole. What is changed is what was read: somebody else's change in between is told,
 * and never overwritten unseen.
 */
export function ClinicForm({ facts }: { readonly facts: ClinicFacts }) {
  const { may } = useShell();
  const client = useQueryClient();
  const [read, setRead] = useState(facts);
  const [c, setClinic] = useState(facts);
  const set = (changes: Partial<ClinicFacts>) => setClinic((before) => ({ ...before, ...changes }));
  const startFrom = (fresh: ClinicFacts) => {
    setRead(fresh);
    setClinic(fresh);
  };
  const save = useMutation({
    mutationFn: () => settings.saveClinic({ ...c, revision: read.revision }),
    onSuccess: (saved) => {
      startFrom(saved);
      toast.done('Saved. It holds from the next call on.');
      void client.invalidateQueries({ queryKey: ['clinics'] });
    },
  });
  const overtaken = save.error instanceof ApiError && save.error.code === 'contention';
  const readAgain = async () => {
    const items = await client.fetchQuery({ ...settingsQueries.clinics, staleTime: 0 });
    const fresh = items.find(({ id }) => id === read.id);
    if (fresh) startFrom(fresh);
    save.reset();
  };
  const mayWrite = may('settings:write');
  const changed = JSON.stringify(c) !== JSON.stringify(read);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="column settings" onSubmit={submit}>
      {!mayWrite && <p className="muted">Managers change these.</p>}
      <fieldset className="column" disabled={!mayWrite || save.isPending}>
        <Section title="The clinic">
          <div className="fields">
            <TextInput
              label="Name"
              description="As callers hear it"
              required
              maxLength={200}
              value={c.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            <TextInput
              label="What the assistant calls itself"
              description="Said at the beginning of each call"
              required
              maxLength={200}
              value={c.assistantName}
              onChange={(event) => set({ assistantName: event.currentTarget.value })}
            />
            <NativeSelect
              label="Time zone"
              description="Of all times of this clinic"
              value={c.timeZone}
              data={[...new Set([c.timeZone, ...zones])]}
              onChange={(event) => set({ timeZone: event.currentTarget.value })}
            />
            <TextInput
              label="Language"
              description="Such as en-US"
              required
              maxLength={35}
              value={c.language}
              onChange={(event) => set({ language: event.currentTarget.value })}
            />
          </div>
        </Section>
        <Section title="Numbers">
          <div className="fields">
            <div className="field">
              Numbers of the clinic
              <span className="fixed">{c.numbers.map(readableNumber).join(', ') || 'None'}</span>
              <span className="field-hint">They belong to the contract with the carrier.</span>
            </div>
            <NumberField
              label="Reception"
              hint="For callers who want a person; may be empty."
              value={c.transferNumber}
              onChange={(transferNumber) => set({ transferNumber })}
            />
            <NumberField
              label="Emergencies"
              hint="For callers in an emergency, at once."
              required
              value={c.emergencyNumber}
              onChange={(emergencyNumber) => set({ emergencyNumber })}
            />
          </div>
          <Textarea
            className="wide-field"
            label="What callers in an emergency hear"
            required
            maxLength={1_000}
            rows={3}
            value={c.emergencyText}
            onChange={(event) => set({ emergencyText: event.currentTarget.value })}
          />
        </Section>
        <Section title="Opening hours" lead="By the clinic’s own clock. A day without hours is closed.">
          <HoursEditor hours={c.openingHours} onChange={(openingHours) => set({ openingHours })} />
        </Section>
        <Section
          title="Doctors"
          lead="Callers find a doctor by name, by department, or by what else they are called."
        >
          <DoctorsEditor doctors={c.doctors} onChange={(doctors) => set({ doctors })} />
        </Section>
      </fieldset>
      {mayWrite && (
        <div className={`save-bar ${changed ? 'is-changed' : ''}`}>
          {overtaken && (
            <Notice
              tone="bad"
              title="Somebody else has changed this clinic"
              text="Nothing of yours was saved. Look at what is there now, and change it again."
              action={{ label: 'Show what is there now', act: () => void readAgain() }}
            />
          )}
          {!overtaken && <FormError error={save.error} />}
          <span className="muted">{changed ? 'Not saved yet.' : 'All is saved.'}</span>
          <Button
            variant="default"
            disabled={!changed || save.isPending}
            onClick={() => {
              save.reset();
              setClinic(read);
            }}
          >
            Undo changes
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!changed || overtaken}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}
