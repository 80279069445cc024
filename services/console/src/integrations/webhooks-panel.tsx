import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  integrationQueries,
  integrations,
  type NewAccess,
  type Offered,
  type Webhook,
} from '../api/integrations.ts';
import { Panel } from '../parts/panel.tsx';
import { Link, navigate } from '../parts/router.tsx';
import { AccessForm } from './access-form.tsx';
import { ShownOnce } from './shown-once.tsx';
import { standingOf, waitingWords } from './webhook-words.ts';

const itemsOf = (offered: Offered<Webhook>) => offered.items;
const pathOf = (id: string) => `/integrations/webhooks/${id}`;

export function WebhooksPanel() {
  const client = useQueryClient();
  const webhooks = useQuery(integrationQueries.webhooks);
  const list = useQuery({ ...integrationQueries.webhooks, select: itemsOf });
  const [asked, setAsked] = useState(false);
  const create = useMutation({
    mutationFn: (wish: NewAccess) => integrations.createWebhook(wish),
    onSuccess: () => setAsked(false),
    onSettled: () => client.invalidateQueries({ queryKey: integrationQueries.webhooks.queryKey }),
  });
  const ask = () => {
    create.reset();
    setAsked(true);
  };
  const keepSecret = (id: string) => {
    create.reset();
    navigate(pathOf(id));
  };
  return (
    <Panel
      title="Webhooks"
      query={list}
      action={{ label: 'New webhook', act: ask }}
      lead="Wardline sends each event to an address of yours, signed, and repeats it for a day until it is taken."
      empty={{
        title: 'No webhooks',
        text: 'Give an address, and every event from then on is sent there.',
      }}
      extra={
        <>
          {asked && (
            <AccessForm
              title="New webhook"
              action="Make webhook"
              namePlaceholder="Hospital information system"
              topics={webhooks.data?.offeredTopics ?? []}
              withUrl
              busy={create.isPending}
              error={create.error}
              onCreate={(wish) => create.mutate(wish)}
              onClose={() => setAsked(false)}
            />
          )}
          {create.data && (
            <ShownOnce
              title={`Signing secret of “${create.data.name}”`}
              text="This secret is shown now and never again. The receiver checks with it that an event comes from here (Standard Webhooks)."
              values={[{ label: 'Secret', value: create.data.secret }]}
              onClose={() => keepSecret(create.data.id)}
            />
          )}
        </>
      }
    >
      {(items) => (
        <ul className="accesses">
          {items.map((item) => (
            <WebhookRow key={item.id} webhook={item} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function WebhookRow({ webhook }: { readonly webhook: Webhook }) {
  const standing = standingOf(webhook);
  return (
    <li className="access">
      <div className="access-main">
        <Link to={pathOf(webhook.id)} className="access-name">
          {webhook.name}
        </Link>
        <span className="access-badges">
          {webhook.personal && <span className="badge badge-personal">Personal data</span>}
          <span className={`badge badge-${standing.tone}`}>{standing.label}</span>
        </span>
        <span className="access-sub muted">{webhook.url}</span>
        {webhook.waiting.events > 0 && <span className="access-sub">{waitingWords(webhook)}</span>}
      </div>
    </li>
  );
}
