import { useQuery } from '@tanstack/react-query';
import { timeIn } from '../api/clinic-day.ts';
import { queries } from '../api/queries.ts';
import type { Clinic } from '../api/types.ts';
import { Panel } from '../parts/panel.tsx';

const statusWords: Record<string, string> = { queued: 'Sending', sent: 'Sent', failed: 'Failed' };

export function SentMessages({ clinic }: { readonly clinic: Clinic }) {
  const messages = useQuery(queries.messages(clinic.id));
  return (
    <Panel
      title="Messages sent"
      query={messages}
      empty={{ title: 'No messages yet', text: 'A confirmation is sent for each booking and shown here.' }}
    >
      {(items) => (
        <ul className="messages">
          {items.map((message) => (
            <li key={message.id} className="message">
              <header>
                <span>{message.to}</span>
                <span className="spacer" />
                {message.createdAt && (
                  <time dateTime={message.createdAt}>{timeIn(clinic.timeZone, message.createdAt)}</time>
                )}
                <span
                  className={`badge ${message.status === 'failed' ? 'badge-bad' : message.status === 'sent' ? 'badge-good' : ''}`}
                >
                  {statusWords[message.status] ?? message.status}
                </span>
              </header>
              <p>{message.text}</p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
