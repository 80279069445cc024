import { useQuery } from '@tanstack/react-query';
import {
  integrationQueries,
  integrations,
  type KafkaAccess,
  type KafkaCredentials,
} from '../api/integrations.ts';
import { AccessPanel } from './access-panel.tsx';

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
  const kafka = useQuery(integrationQueries.kafka);
  const list = useQuery({ ...integrationQueries.kafka, select: itemsOf });
  const unavailable = kafka.data?.available === false;
  return (
    <AccessPanel
      title="Kafka"
      lead="A topic with all of your hospital’s events, for those who run a Kafka consumer."
      timeZone={timeZone}
      query={list}
      queryKey={integrationQueries.kafka.queryKey}
      empty={
        unavailable
          ? { title: 'Not on this installation', text: kafka.data?.reason?.detail ?? '' }
          : { title: 'No access yet', text: 'Each consumer gets a user name and a password of its own.' }
      }
      {...(unavailable ? {} : { makeLabel: 'New access' })}
      form={{ title: 'New Kafka access', action: 'Make access', namePlaceholder: 'Data warehouse' }}
      create={integrations.createKafka}
      shown={({ name, credentials }) => ({
        title: `Kafka access for “${name}”`,
        text: 'The password is shown now and never again.',
        values: shown(credentials),
      })}
      revoke={integrations.revokeKafka}
      revokeText="Its consumers are cut off at once, and its password is worth nothing any more."
    />
  );
}
