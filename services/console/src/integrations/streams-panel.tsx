import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  integrationQueries,
  integrations,
  type IntegratorAccess,
  type NewAccess,
  type Offered,
} from '../api/integrations.ts';
import { Confirm } from '../shell/dialog.tsx';
import { Panel } from '../shell/panel.tsx';
import { AccessForm } from './access-form.tsx';
import { AccessList } from './access-list.tsx';
import { ShownOnce } from './shown-once.tsx';

const itemsOf = (offered: Offered<IntegratorAccess>) => offered.items;

/** Tokens for `GET /api/v1/events/stream`. */
export function StreamsPanel({ timeZone }: { readonly timeZone: string }) {
  const client = useQueryClient();
  const streams = useQuery(integrationQueries.streams);
  const list = useQuery({ ...integrationQueries.streams, select: itemsOf });
  const [asked, setAsked] = useState<'create' | IntegratorAccess>();
  const changed = () => client.invalidateQueries({ queryKey: integrationQueries.streams.queryKey });
  const create = useMutation({
    mutationFn: (wish: NewAccess) => integrations.createStream(wish),
    onSuccess: () => setAsked(undefined),
    onSettled: changed,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => integrations.revokeStream(id),
    onSuccess: () => setAsked(undefined),
    onSettled: changed,
  });
  const ask = (what: 'create' | IntegratorAccess) => {
    create.reset();
    revoke.reset();
    setAsked(what);
  };
  return (
    <Panel
      title="Event stream"
      query={list}
      action={{ label: 'New token', act: () => ask('create') }}
      lead="A connection that stays open and tells of every event as it happens. After a break it goes on where it was."
      empty={{
        title: 'No tokens',
        text: 'Whoever reads the stream at /api/v1/events/stream needs a token from here.',
      }}
      extra={
        <>
          {asked === 'create' && (
            <AccessForm
              title="New token for the event stream"
              action="Make token"
              namePlaceholder="Ward display"
              topics={streams.data?.offeredTopics ?? []}
              busy={create.isPending}
              error={create.error}
              onCreate={(wish) => create.mutate(wish)}
              onClose={() => setAsked(undefined)}
            />
          )}
          {create.data && (
            <ShownOnce
              title={`Token for “${create.data.name}”`}
              text="This token is shown now and never again. Send it as “Authorization: Bearer …”."
              values={[{ label: 'Token', value: create.data.token }]}
              onClose={() => create.reset()}
            />
          )}
          {asked !== undefined && asked !== 'create' && (
            <Confirm
              title={`Revoke “${asked.name}”?`}
              text="Whoever reads with this token is cut off at once. It cannot be given back."
              action="Revoke"
              tone="danger"
              busy={revoke.isPending}
              error={revoke.error}
              onConfirm={() => revoke.mutate(asked.id)}
              onClose={() => setAsked(undefined)}
            />
          )}
        </>
      }
    >
      {(items) => (
        <AccessList
          items={items}
          timeZone={timeZone}
          usedWords="last connected"
          actions={(item) => (
            <button
              type="button"
              className="button button-small button-danger-quiet"
              onClick={() => ask(item)}
              aria-label={`Revoke ${item.name}`}
            >
              Revoke…
            </button>
          )}
        />
      )}
    </Panel>
  );
}
