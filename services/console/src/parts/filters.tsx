import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { e164 } from '../calls/numbers.ts';
import { useAddressQuery } from './router.tsx';

/** A telephone number to look for, kept in the address as `number` once it is a whole one. */
export function NumberFilter() {
  const [values, change] = useAddressQuery();
  const [number, setNumber] = useState(values['number'] ?? '');
  const incomplete = number.trim() !== '' && e164(number) === undefined;
  return (
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
  );
}

/** First and last day to look at, kept in the address as `from` and `to`. */
export function DayFilters() {
  const [values, change] = useAddressQuery();
  return (
    <>
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
    </>
  );
}

/** Takes all filters away; not there while there are none. */
export function ClearFilters(o: { readonly names: readonly string[]; readonly onClear: () => void }) {
  const [values, change] = useAddressQuery();
  if (o.names.every((name) => values[name] === undefined)) return null;
  return (
    <Button
      variant="subtle"
      className="filters-clear"
      onClick={() => {
        o.onClear();
        change(Object.fromEntries(o.names.map((name) => [name, ''])));
      }}
    >
      Clear filters
    </Button>
  );
}
