import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import type { SentMessage } from '../api/message-types.ts';
import { messageQueries } from '../api/messages.ts';
import { e164 } from '../calls/numbers.ts';
import { Badge } from '../parts/badge.tsx';
import { ClearFilters, NumberFilter } from '../parts/filters.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { useAddressQuery } from '../parts/router.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { useShell } from '../shell/shell-context.ts';
import { purposeInWords, statuses, statusInWords, statusTone } from './words.ts';
import './messages.css';

/** Every message to a patient, newest first; what to look for is in the address. */
export default function MessagesPage() {
  const { clinic } = useShell();
  const [values] = useAddressQuery();
  const filter = { status: values['status'] ?? '', to: e164(values['number'] ?? '') ?? '' };
  const messages = useInfiniteQuery(messageQueries.list({ clinic: clinic.id, ...filter }));
  return (
    <Page title="Messages" lead={`What ${clinic.name} has sent to patients, newest first.`}>
      <section className="panel column" aria-label="All messages">
        <MessageFilters />
        <Loaded
          query={messages}
          rows={8}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={
            filter.status || filter.to
              ? { title: 'No message is like that', text: 'Take away a filter.' }
              : {
                  title: 'No messages yet',
                  text: 'Whoever books, moves or cancels gets one, and it is listed here.',
                }
          }
        >
          {({ pages }) => (
            <div>
              <MessageTable messages={pages.flatMap(({ items }) => items)} timeZone={clinic.timeZone} />
              <ShowMore of={messages} label="Show older messages" />
            </div>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function MessageFilters() {
  const [values, change] = useAddressQuery();
  // What is half typed is only in its field: a new one has forgotten it.
  const [cleared, setCleared] = useState(0);
  return (
    <form
      className="filters"
      role="search"
      aria-label="Filter messages"
      onSubmit={(event) => event.preventDefault()}
    >
      <NumberFilter key={cleared} />
      <NativeSelect
        label="Status"
        value={values['status'] ?? ''}
        onChange={(event) => change({ status: event.currentTarget.value })}
        data={[
          { value: '', label: 'Any' },
          ...statuses.map((status) => ({ value: status, label: statusInWords(status) })),
        ]}
      />
      <ClearFilters names={['number', 'status']} onClear={() => setCleared((times) => times + 1)} />
    </form>
  );
}

function MessageTable(props: { readonly messages: readonly SentMessage[]; readonly timeZone: string }) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Messages">
      <table className="table message-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">To</th>
            <th scope="col">Message</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {props.messages.map((message) => (
            <tr key={message.id}>
              <td className="figures message-when">
                {message.createdAt && (
                  <>
                    <strong>{timeIn(props.timeZone, message.createdAt)}</strong>{' '}
                    <span className="muted">{dateIn(props.timeZone, message.createdAt)}</span>
                  </>
                )}
              </td>
              <td className="figures message-to">{readableNumber(message.to)}</td>
              <td className="message-text">
                {message.text}
                <span className="row-sub">{purposeInWords(message.purpose)}</span>
              </td>
              <td className="message-status">
                <Badge tone={statusTone(message.status)}>{statusInWords(message.status)}</Badge>
                {message.failureReason && (
                  <span className="row-sub">{message.failureReason.replaceAll('-', ' ')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
