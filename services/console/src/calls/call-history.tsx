import { useInfiniteQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import { dateIn, dayOf, timeIn } from '../api/clinic-day.ts';
import type { Call } from '../api/types.ts';
import { clock } from '../parts/ago.tsx';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Direction, numberOrWithheld } from '../parts/phone.tsx';
import { Link, useAddressQuery } from '../parts/router.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { useShell } from '../shell/shell-context.ts';
import { CallFilters, isFiltered } from './call-filters.tsx';
import { e164 } from './numbers.ts';
import { callInWords, tone } from './words.ts';

/** Every call of the clinic, newest first. The filters are in the address, so that a search can be sent to a colleague. */
export function CallHistory() {
  const { clinic } = useShell();
  const [values] = useAddressQuery();
  const calls = useInfiniteQuery(
    callQueries.list({
      clinic: clinic.id,
      direction: values['direction'] ?? '',
      outcome: values['outcome'] ?? '',
      number: e164(values['number'] ?? '') ?? '',
      campaign: values['campaign'] ?? '',
      from: values['from'] ? dayOf(values['from'], clinic.timeZone).from.toISOString() : '',
      to: values['to'] ? dayOf(values['to'], clinic.timeZone).to.toISOString() : '',
    }),
  );
  return (
    <Page title="Calls" lead={`Calls from and to ${clinic.name}, newest first. Times are the clinic’s own.`}>
      <section className="panel column" aria-label="All calls">
        <CallFilters />
        <Loaded
          query={calls}
          rows={8}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={
            isFiltered(values)
              ? { title: 'No call is like that', text: 'Take away a filter, or choose other days.' }
              : { title: 'No calls yet', text: 'Each call is listed here from the moment it arrives.' }
          }
        >
          {({ pages }) => (
            <div>
              <CallTable calls={pages.flatMap(({ items }) => items)} timeZone={clinic.timeZone} />
              <ShowMore of={calls} label="Show older calls" />
            </div>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function CallTable({ calls, timeZone }: { readonly calls: readonly Call[]; readonly timeZone: string }) {
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Number</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="is-number">
              Length
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <tr key={call.id} className="is-link">
              <td className="figures">
                {call.initiatedAt && (
                  <>
                    <strong>{timeIn(timeZone, call.initiatedAt)}</strong>{' '}
                    <span className="muted">{dateIn(timeZone, call.initiatedAt)}</span>
                  </>
                )}
              </td>
              <td className="figures">
                <Direction direction={call.direction} />{' '}
                <Link to={`/calls/${call.id}`} className="row-link">
                  {numberOrWithheld(call.callerNumber)}
                </Link>{' '}
                {call.campaign && <Badge tone="accent">Campaign</Badge>}
              </td>
              <td>
                <Badge tone={tone(call)}>{callInWords(call)}</Badge>
              </td>
              <td className="is-number">{lengthOf(call)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** From the answer to the end; a dash for a call that was never answered. */
function lengthOf({ answeredAt, endedAt }: Call): string {
  if (!answeredAt || !endedAt) return '–';
  return clock((Date.parse(endedAt) - Date.parse(answeredAt)) / 1_000);
}
