import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAddressQuery } from '../parts/router.tsx';
import { e164 } from './numbers.ts';
import { inWords, outcomes } from './words.ts';

const names = ['direction', 'outcome', 'number', 'campaign', 'from', 'to'] as const;

export const isFiltered = (values: Readonly<Record<string, string>>) =>
  names.some((name) => values[name] !== undefined);

export function CallFilters() {
  const [values, change] = useAddressQuery();
  const [number, setNumber] = useState(values['number'] ?? '');
  const incomplete = number.trim() !== '' && e164(number) === undefined;
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter calls"
      onSubmit={(event) => event.preventDefault()}
    >
      <TextInput
        label="Number"
        placeholder="+1 202 555 0143"
        inputMode="tel"
        value={number}
        // Half a number finds nothing; the hint says why nothing changes yet.
        rightSection={incomplete ? <span title="Whole, with the country’s code">…</span> : undefined}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          setNumber(typed);
          if (typed.trim() === '' || e164(typed)) change({ number: e164(typed) ?? '' });
        }}
      />
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
      <TextInput
        label="From"
        type="date"
        value={values['from'] ?? ''}
        max={values['to']}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        label="To"
        type="date"
        value={values['to'] ?? ''}
        min={values['from']}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
      {isFiltered(values) && (
        <Button
          variant="subtle"
          className="filters-clear"
          onClick={() => {
            setNumber('');
            change(Object.fromEntries(names.map((name) => [name, ''])));
          }}
        >
          Clear filters
        </Button>
      )}
    </form>
  );
}
