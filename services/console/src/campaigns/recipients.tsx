import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CampaignWithImports, Recipient } from '../api/campaign-types.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/panel.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { Link, useAddressQuery } from '../parts/router.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { useShell } from '../shell/shell-context.ts';
import { recipientResults, recipientStateInWords, resultInWords, resultTone } from './words.ts';

/** Who is called and what came of it, each with their calls. The filters are in the address. */
export function Recipients({ campaign }: { readonly campaign: CampaignWithImports }) {
  const { id, progress } = campaign;
  const client = useQueryClient();
  const [values, change] = useAddressQuery();
  const [state, result] = [values['state'] ?? '', values['result'] ?? ''];
  const recipients = useInfiniteQuery(campaignQueries.recipients(id, { state, result }));
  // Whoever moves changes the counters, which are looked at anyway; reading names is recorded, and not done without need.
  const counters = `${progress.settled} ${progress.calls}`;
  const seen = useRef(counters);
  useEffect(() => {
    if (seen.current === counters) return;
    seen.current = counters;
    void client.invalidateQueries({ queryKey: ['campaign-recipients', id] });
  }, [client, id, counters]);
  return (
    <Section title="People">
      <form
        className="filters filters-above"
        role="search"
        aria-label="Filter people"
        onSubmit={(event) => event.preventDefault()}
      >
        <NativeSelect
          label="State"
          value={state}
          onChange={(event) => change({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'Any' },
            ...['waiting', 'queued', 'live', 'settled'].map((value) => ({
              value,
              label: recipientStateInWords(value),
            })),
          ]}
        />
        <NativeSelect
          label="Result"
          value={result}
          onChange={(event) => change({ result: event.currentTarget.value })}
          data={[
            { value: '', label: 'Any' },
            ...recipientResults.map((value) => ({ value, label: resultInWords(value) })),
          ]}
        />
        {(state || result) && (
          <Button
            variant="subtle"
            className="filters-clear"
            onClick={() => change({ state: '', result: '' })}
          >
            Clear filters
          </Button>
        )}
      </form>
      <Loaded
        query={recipients}
        rows={6}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          state || result
            ? { title: 'Nobody is like that', text: 'Take away a filter.' }
            : { title: 'Nobody', text: 'The list of this campaign is empty.' }
        }
      >
        {({ pages }) => (
          <>
            <RecipientTable recipients={pages.flatMap(({ items }) => items)} />
            <ShowMore of={recipients} label="Show more people" />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function RecipientTable({ recipients }: { readonly recipients: readonly Recipient[] }) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="People of this campaign">
      <table className="table recipients">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Number</th>
            <th scope="col">Result</th>
            <th scope="col">Calls</th>
            <th scope="col">Next call, their time</th>
          </tr>
        </thead>
        <tbody>
          {recipients.map((recipient) => (
            <tr key={recipient.id}>
              <td>
                {recipient.name}
                {recipient.externalId && <span className="row-sub">{recipient.externalId}</span>}
              </td>
              <td className="figures nowrap">{readableNumber(recipient.number)}</td>
              <td>
                {recipient.result ? (
                  <Badge tone={resultTone(recipient.result)}>{resultInWords(recipient.result)}</Badge>
                ) : (
                  <Badge tone={recipient.state === 'live' ? 'accent' : 'plain'}>
                    {recipientStateInWords(recipient.state)}
                  </Badge>
                )}
              </td>
              <td>
                <CallsOf recipient={recipient} />
              </td>
              <td className="figures nowrap" title={recipient.timeZone}>
                {recipient.nextCallAt && recipient.state === 'waiting'
                  ? `${dateIn(recipient.timeZone, recipient.nextCallAt)}, ${timeIn(recipient.timeZone, recipient.nextCallAt)}`
                  : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The latest call, and how many came before it. */
function CallsOf({ recipient: { calls } }: { readonly recipient: Recipient }) {
  const { clinic } = useShell();
  const [all, setAll] = useState(false);
  if (calls.length === 0) return <span className="muted">–</span>;
  const shown = all ? calls : calls.slice(0, 1);
  return (
    <ul className="attempts">
      {shown.map((attempt) => (
        <li key={attempt.id}>
          {attempt.dialledAt && (
            <Link to={`/calls/${attempt.call}`} className="figures">
              {dateIn(clinic.timeZone, attempt.dialledAt)}, {timeIn(clinic.timeZone, attempt.dialledAt)}
            </Link>
          )}{' '}
          <span className="muted">
            {attempt.result ? resultInWords(attempt.result) : attempt.dialledAt ? 'now' : 'about to be made'}
          </span>
        </li>
      ))}
      {calls.length > 1 && (
        <li>
          <button type="button" className="as-link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Only the latest' : `${calls.length - 1} earlier`}
          </button>
        </li>
      )}
    </ul>
  );
}
