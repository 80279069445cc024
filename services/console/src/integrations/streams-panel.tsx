import { useQuery } from '@tanstack/react-query';
import {
  integrationQueries,
  integrations,
  type IntegratorAccess,
  type Offered,
} from '../api/integrations.ts';
import { AccessPanel } from './access-panel.tsx';

const itemsOf = (offered: Offered<IntegratorAccess>) => offered.items;

/** Tokens for `GET /api/v1/events/stream`. */
export function StreamsPanel({ timeZone }: { readonly timeZone: string }) {
  const streams = useQuery(integrationQueries.streams);
  const list = useQuery({ ...integrationQueries.streams, select: itemsOf });
  return (
    <AccessPanel
      title="Event stream"
      lead="A connection that stays open and tells of every event as it happens. After a break it goes on where it was."
      timeZone={timeZone}
      query={list}
      queryKey={integrationQueries.streams.queryKey}
      empty={{
        title: 'No tokens',
        text: 'Whoever reads the stream at /api/v1/events/stream needs a token from here.',
      }}
      makeLabel="New token"
      form={{
        title: 'New token for the event stream',
        action: 'Make token',
        namePlaceholder: 'Ward display',
        topics: streams.data?.offeredTopics ?? [],
      }}
      create={integrations.createStream}
      shown={({ name, token }) => ({
        title: `Token for “${name}”`,
        text: 'This token is shown now and never again. Send it as “Authorization: Bearer …”.',
        values: [{ label: 'Token', value: token }],
      })}
      revoke={integrations.revokeStream}
      revokeText="Whoever reads with this token is cut off at once. It cannot be given back."
      usedWords="last connected"
    />
  );
}
