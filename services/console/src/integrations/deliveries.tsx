import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { instantIn } from '../api/clinic-day.ts';
import { integrationQueries, integrations, type Delivery } from '../api/integrations.ts';
import { typeInWords } from '../failures/words.ts';
import { Panel } from '../parts/panel.tsx';
import { answerWords, outcomes } from './webhook-words.ts';

interface DeliveriesProps {
  readonly webhookId: string;
  readonly timeZone: string;
}

/** What was sent and what came of it, newest first. */
export function Deliveries({ webhookId, timeZone }: DeliveriesProps) {
  const client = useQueryClient();
  const deliveries = useQuery(integrationQueries.deliveries(webhookId));
  const replay = useMutation({
    mutationFn: (eventId: string) => integrations.replayDelivery(webhookId, eventId),
    onSettled: () => client.invalidateQueries({ queryKey: ['integrations', 'webhooks', webhookId] }),
  });
  return (
    <Panel
      title="Deliveries"
      query={deliveries}
      lead="Each attempt of the last seven days, without what was in it."
      empty={{ title: 'Nothing sent yet', text: 'The next event, or a test event, appears here.' }}
      extra={
        <p className={replay.isError ? 'form-error' : 'done'} role="status">
          {replay.isError ? replay.error.message : replay.isSuccess ? 'It is being sent again.' : ''}
        </p>
      }
    >
      {(items) => (
        // A log is wider than a telephone: it scrolls by itself, and can be reached by keyboard for that.
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Deliveries">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Event</th>
                <th scope="col">Attempt</th>
                <th scope="col">Result</th>
                <th scope="col">Answer</th>
                <th scope="col">
                  <span className="for-readers">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <DeliveryRow
                  key={item.id}
                  item={item}
                  timeZone={timeZone}
                  busy={replay.isPending}
                  onReplay={() => replay.mutate(item.eventId)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

interface DeliveryRowProps {
  readonly item: Delivery;
  readonly timeZone: string;
  readonly busy: boolean;
  readonly onReplay: () => void;
}

function DeliveryRow({ item, timeZone, busy, onReplay }: DeliveryRowProps) {
  const outcome = outcomes[item.outcome];
  return (
    <tr>
      <td>
        <time dateTime={item.at}>{instantIn(timeZone, item.at)}</time>
      </td>
      <td>
        {typeInWords(item.type)}
        <span className="row-sub">{item.topic}</span>
      </td>
      <td>{item.attempt}</td>
      <td>
        <span className={`badge ${outcome.tone}`}>{outcome.label}</span>
      </td>
      <td>{answerWords(item)}</td>
      <td className="table-action">
        {item.position !== null && (
          <button type="button" className="button button-small" disabled={busy} onClick={onReplay}>
            Send again
          </button>
        )}
      </td>
    </tr>
  );
}
