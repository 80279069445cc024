import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { dateIn } from '../api/clinic-day.ts';
import type { DoNotCallEntry } from '../api/settings-types.ts';
import { settings, settingsQueries } from '../api/settings.ts';
import { beginsE164, e164 } from '../calls/numbers.ts';
import { regionOf, regions } from '../campaigns/regions.ts';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { FormError } from '../parts/form-error.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/panel.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';

const matches = (entry: DoNotCallEntry, text: string) => {
  const digits = text.replace(/\D/g, '');
  const words = text.trim().toLowerCase();
  return (
    (digits !== '' && entry.number.includes(digits)) ||
    entry.note.toLowerCase().includes(words) ||
    entry.addedByName.toLowerCase().includes(words)
  );
};

const unique = (entries: readonly DoNotCallEntry[]) => [
  ...new Map(entries.map((entry) => [entry.id, entry])).values(),
];

/** Long enough not to ask for each digit. */
const typingMs = 250;

/** The entry of a whole number, wherever in the list it is; of what is no number, or not all of it yet, nothing. */
function useEntryOf(search: string) {
  const number = e164(search);
  const [asked] = useDebouncedValue(number, typingMs);
  const found = useQuery({ ...settingsQueries.doNotCallOf(asked ?? ''), enabled: asked !== undefined });
  if (number === undefined) return { entries: [], none: undefined };
  if (number === asked && found.data)
    return { entries: found.data, none: `${readableNumber(number)} is not on the list.` };
  return { entries: [], none: found.isError ? found.error.message : 'Looking…' };
}

/** Numbers that no campaign calls, whatever else holds. */
export function DoNotCall() {
  const { may } = useShell();
  const entries = useInfiniteQuery(settingsQueries.doNotCall);
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const { hasNextPage, isFetching, fetchNextPage } = entries;
  const searching = search.trim() !== '';
  const ofNumber = useEntryOf(search);
  // Words and parts of numbers are looked for in all of them; they are fetched for it, and only then.
  const looking = searching && !beginsE164(search);
  useEffect(() => {
    if (looking && hasNextPage && !isFetching) void fetchNextPage();
  }, [looking, hasNextPage, isFetching, fetchNextPage]);
  return (
    <Section
      title="Do-not-call list"
      lead="No campaign of the hospital calls these numbers. Whoever waits for a call under one is taken out at once."
      actions={
        may('do-not-call:write') && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => setAdding(true)}
          >
            Add numbers
          </Button>
        )
      }
    >
      <Loaded
        query={entries}
        rows={6}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={{
          title: 'No numbers on the list',
          text: 'Numbers of patients who do not want to be called are put here by hand; who says so in a call is remembered with the patient.',
        }}
      >
        {({ pages }) => (
          <>
            <div className="filters filters-above">
              <TextInput
                label="Search"
                type="search"
                placeholder="Number, note, name"
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
              />
            </div>
            <Entries
              entries={unique([
                ...ofNumber.entries,
                ...pages
                  .flatMap(({ items }) => items)
                  .filter((entry) => !searching || matches(entry, search)),
              ])}
              none={
                ofNumber.none ??
                (looking && hasNextPage ? 'Still looking…' : 'No number on the list is like that.')
              }
            />
            {hasNextPage && !searching && (
              <p className="more">
                <Button
                  variant="default"
                  loading={entries.isFetchingNextPage}
                  onClick={() => void fetchNextPage()}
                >
                  Show older entries
                </Button>
              </p>
            )}
          </>
        )}
      </Loaded>
      {adding && <AddNumbers onClose={() => setAdding(false)} />}
    </Section>
  );
}

function Entries({ entries, none }: { readonly entries: readonly DoNotCallEntry[]; readonly none: string }) {
  const { clinic, may } = useShell();
  const client = useQueryClient();
  const [asked, setAsked] = useState<DoNotCallEntry>();
  const remove = useMutation({
    mutationFn: (entry: DoNotCallEntry) => settings.removeDoNotCall(entry.id),
    onSuccess: (_, entry) => {
      toast.done(`${readableNumber(entry.number)} is off the list.`);
      setAsked(undefined);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['do-not-call'] }),
  });
  if (entries.length === 0) return <p className="muted">{none}</p>;
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Numbers that are not called">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">Note</th>
            <th scope="col">Added</th>
            <th scope="col">
              <span className="for-readers">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="figures">{readableNumber(entry.number)}</td>
              <td>{entry.note || <span className="muted">–</span>}</td>
              <td>
                {entry.addedByName}
                {entry.addedAt && <span className="row-sub">{dateIn(clinic.timeZone, entry.addedAt)}</span>}
              </td>
              <td className="is-number">
                {may('do-not-call:write') && (
                  <button
                    type="button"
                    className="button button-small"
                    aria-label={`Remove ${readableNumber(entry.number)}`}
                    onClick={() => {
                      remove.reset();
                      setAsked(entry);
                    }}
                  >
                    Remove
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked && (
        <Confirm
          title={`Take ${readableNumber(asked.number)} off the list?`}
          text={<p>Campaigns may call this number again. Make sure that its owner wants that.</p>}
          action="Take it off"
          tone="danger"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(asked)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

const mostAtOnce = 1_000;

function AddNumbers({ onClose }: { readonly onClose: () => void }) {
  const { clinic } = useShell();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [region, setRegion] = useState(regionOf(clinic.language));
  const [note, setNote] = useState('');
  const numbers = typed
    .split(/[\n,;]+/)
    .map((number) => number.trim())
    .filter(Boolean);
  const add = useMutation({
    mutationFn: () => settings.addDoNotCall(numbers, region, note.trim()),
    onSuccess: ({ added, known }) => {
      toast.done(`${added} added${known > 0 ? `, ${known} were on the list already` : ''}.`);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['do-not-call'] }),
  });
  const tooMany = numbers.length > mostAtOnce;
  return (
    <Dialog title="Add to the do-not-call list" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Textarea
          label="Numbers"
          description="One a line, or with commas between them. When one of them is no number, none is added."
          required
          rows={6}
          value={typed}
          error={tooMany ? `At most ${mostAtOnce.toLocaleString('en-GB')} at once` : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label="Country of numbers without a country’s code"
          value={region}
          data={regions}
          onChange={(event) => setRegion(event.currentTarget.value)}
        />
        <TextInput
          label="Note"
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormError error={add.error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending} disabled={numbers.length === 0 || tooMany}>
            {numbers.length > 1 ? `Add ${numbers.length} numbers` : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
