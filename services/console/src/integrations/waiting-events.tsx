import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { duration } from '../api/clinic-day.ts';
import { integrationQueries, integrations, type WaitingEvent } from '../api/integrations.ts';
import { count } from '../failures/words.ts';
import { useNow } from '../parts/ago.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { reasonWords } from './webhook-words.ts';

/** What the receiver has not taken yet, the next due first. */
export function WaitingEvents({ webhookId }: { readonly webhookId: string }) {
  const client = useQueryClient();
  const waiting = useQuery(integrationQueries.waiting(webhookId));
  const [asked, setAsked] = useState<WaitingEvent>();
  const now = useNow(1_000);
  const skip = useMutation({
    mutationFn: (eventId: string) => integrations.skipWaiting(webhookId, eventId),
    onSuccess: () => setAsked(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['integrations', 'webhooks', webhookId] }),
  });
  const when = (item: WaitingEvent) => {
    const dueMs = Date.parse(item.nextAttemptAt) - now;
    if (item.attempts === 0) return 'behind an earlier event of its key';
    return `${count(item.attempts, 'attempt')}, again ${dueMs <= 0 ? 'now' : `in ${duration(dueMs)}`}`;
  };
  return (
    <Panel
      title="Waiting"
      query={waiting}
      lead="Events that were not taken, and those that wait behind them, so that nothing overtakes."
      empty={{ title: 'Nothing waits', text: 'Everything was taken.' }}
      extra={
        asked && (
          <Confirm
            title="Skip this event?"
            text="It is not sent any more, and later events of its key go on without it."
            action="Skip"
            tone="danger"
            busy={skip.isPending}
            error={skip.error}
            onConfirm={() => skip.mutate(asked.eventId)}
            onClose={() => setAsked(undefined)}
          />
        )
      }
    >
      {(items) => (
        <ul className="accesses">
          {items.map((item) => (
            <li key={item.eventId} className="access">
              <div className="access-main">
                <span className="access-name">{item.key}</span>
                <span className="access-sub muted">
                  {[when(item), ...(item.lastReason ? [reasonWords(item.lastReason)] : [])].join(' · ')}
                </span>
              </div>
              <div className="access-actions">
                <button
                  type="button"
                  className="button button-small button-danger-quiet"
                  onClick={() => setAsked(item)}
                  aria-label={`Skip ${item.key}`}
                >
                  Skip…
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
