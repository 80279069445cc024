import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StaffUser } from '../api/settings-types.ts';
import { ClearFilters, DayFilters } from '../parts/filters.tsx';
import { useAddressQuery } from '../parts/router.tsx';
import { actionInWords, knownActions } from './words.ts';

const names = ['user', 'action', 'subject', 'outcome', 'from', 'to'] as const;

export const isFiltered = (values: Readonly<Record<string, string>>) =>
  names.some((name) => values[name] !== undefined);

export function AuditFilters({ staff }: { readonly staff: readonly StaffUser[] }) {
  const [values, change] = useAddressQuery();
  const [subject, setSubject] = useState(values['subject'] ?? '');
  const [user, action] = [values['user'] ?? '', values['action'] ?? ''];
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter the audit"
      onSubmit={(event) => {
        event.preventDefault();
        change({ subject: subject.trim() });
      }}
    >
      <NativeSelect
        label="Who"
        value={user}
        onChange={(event) => change({ user: event.currentTarget.value })}
        data={[
          { value: '', label: 'Anybody' },
          ...staff.map(({ id, name }) => ({ value: id, label: name })),
          // Whoever the address names and the list does not.
          ...(user && !staff.some(({ id }) => id === user) ? [{ value: user, label: user }] : []),
        ]}
      />
      <NativeSelect
        label="What"
        value={action}
        onChange={(event) => change({ action: event.currentTarget.value })}
        data={[
          { value: '', label: 'Anything' },
          ...knownActions.map((known) => ({ value: known, label: actionInWords(known) })),
          ...(action && !knownActions.includes(action) ? [{ value: action, label: action }] : []),
        ]}
      />
      <TextInput
        label="Of what"
        placeholder="Such as Campaigns"
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
        onBlur={() => change({ subject: subject.trim() })}
      />
      <NativeSelect
        label="Outcome"
        value={values['outcome'] ?? ''}
        onChange={(event) => change({ outcome: event.currentTarget.value })}
        data={[
          { value: '', label: 'Any' },
          { value: 'done', label: 'Done' },
          { value: 'refused', label: 'Refused' },
        ]}
      />
      <DayFilters />
      <ClearFilters names={names} onClear={() => setSubject('')} />
    </form>
  );
}
