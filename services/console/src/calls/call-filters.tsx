import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { ClearFilters, DayFilters, NumberFilter } from '../parts/filters.tsx';
import { useAddressQuery } from '../parts/router.tsx';
import { inWords, outcomes } from './words.ts';

const names = ['direction', 'outcome', 'number', 'campaign', 'from', 'to'] as const;

export const isFiltered = (values: Readonly<Record<string, string>>) =>
  names.some((name) => values[name] !== undefined);

export function CallFilters() {
  const [values, change] = useAddressQuery();
  // What is half typed is only in its field: a new one has forgotten it.
  const [cleared, setCleared] = useState(0);
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter calls"
      onSubmit={(event) => event.preventDefault()}
    >
      <NumberFilter key={cleared} />
      <NativeSelect
        label="Direction"
        value={values['direction'] ?? ''}
        onChange={(event) => change({ direction: event.currentTarget.value })}
        data={[
          { value: '', label: 'Both' },
          { value: 'inbound', label: 'Inbound' },
          { value: 'outbound', label: 'Outbound' },
        ]}
      />
      <NativeSelect
        label="Outcome"
        value={values['outcome'] ?? ''}
        onChange={(event) => change({ outcome: event.currentTarget.value })}
        data={[
          { value: '', label: 'Any' },
          ...outcomes.map((outcome) => ({ value: outcome, label: inWords(outcome) })),
        ]}
      />
      <DayFilters />
      <ClearFilters names={names} onClear={() => setCleared((times) => times + 1)} />
    </form>
  );
}
