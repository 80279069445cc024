import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  integrationQueries,
  integrations,
  type IntegratorAccess,
  type KafkaAccess,
  type KafkaCredentials,
  type NewAccess,
} from '../api/integrations.ts';
import { Confirm } from '../shell/dialog.tsx';
import { Panel } from '../shell/panel.tsx';
import { AccessForm } from './access-form.tsx';
import { AccessList } from './access-list.tsx';
import { ShownOnce } from './shown-once.tsx';

const itemsOf = (access: KafkaAccess) => access.items;

const shown = (c: KafkaCredentials) => [
  { label: 'Brokers', value: c.brokers.join(',') },
  { label: 'Topic', value: c.topic },
  { label: 'User name', value: c.username },
  { label: 'Password', value: c.password },
  { label: 'Security', value: `${c.securityProtocol}, ${c.mechanism}` },
  { label: 'Consumer groups begin with', value: c.groupPrefix },
];

/** Users of the hospital's own Kafka topic. */
export function KafkaPanel({ timeZone }: { readonly timeZone: string }) {
  const client = useQueryClient();
  const kafka = useQuery(integrationQueries.kafka);
  const list = useQuery({ ...integrationQueries.kafka, select: itemsOf });
  const [asked, setAsked] = useState<'create' | IntegratorAccess>();
  const changed = () => client.invalidateQueries({ queryKey: integrationQueries.kafka.queryKey });
  const create = useMutation({
    mutationFn: (wish: NewAccess) => integrations.createKafka(wish),
    onSuccess: () => setAsked(undefined),
    onSettled: changed,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => integrations.revokeKafka(id),
    onSuccess: () => setAsked(undefined),
    onSettled: changed,
  });
  const ask = (what: 'create' | IntegratorAccess) => {
    create.reset();
    revoke.reset();
    setAsked(what);
  };
  const unavailable = kafka.data?.available === false;
  return (
    <Panel
      title="Kafka"
      query={list}
      {...(unavailable ? {} : { action: { label: 'New access', act: () => ask('create') } })}
      lead="A topic with all of your hospital’s events, for those who run a Kafka consumer."
      empty={
        unavailable
          ? { title: 'Not on this installation', text: kafka.data?.reason?.detail ?? '' }
          : { title: 'No access yet', text: 'Each consumer gets a user name and a password of its own.' }
      }
      extra={
        <>
          {asked === 'create' && (
            <AccessForm
              title="New Kafka access"
              action="Make access"
              namePlaceholder="Data warehouse"
              busy={create.isPending}
              error={create.error}
              onCreate={(wish) => create.mutate(wish)}
              onClose={() => setAsked(undefined)}
            />
          )}
          {create.data && (
            <ShownOnce
              title={`Kafka access for “${create.data.name}”`}
              text="The password is shown now and never again."
              values={shown(create.data.credentials)}
              onClose={() => create.reset()}
            />
          )}
          {asked !== undefined && asked !== 'create' && (
            <Confirm
              title={`Revoke “${asked.name}”?`}
              text="Its consumers are cut off at once, and its password is worth nothing any more."
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
          usedWords={undefined}
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
