import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { instantIn } from '../api/clinic-day.ts';
import { integrationQueries, integrations, type Webhook } from '../api/integrations.ts';
import { Ago } from '../parts/ago.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { navigate } from '../parts/router.tsx';
import { Deliveries } from './deliveries.tsx';
import { ShownOnce } from './shown-once.tsx';
import { WaitingEvents } from './waiting-events.tsx';
import { answerWords, standingOf, switchedOffWords, waitingWords } from './webhook-words.ts';
import './integrations.css';

interface WebhookPageProps {
  readonly id: string;
  readonly timeZone: string;
}

const parent = { to: '/integrations', label: 'Integrations' } as const;

/** One webhook: how it is, what was sent, and what can be done about it. */
export function WebhookPage({ id, timeZone }: WebhookPageProps) {
  const webhook = useQuery(integrationQueries.webhook(id));
  if (webhook.data) return <WebhookDetail webhook={webhook.data} timeZone={timeZone} />;
  return (
    <Page title="Webhook" parent={parent}>
      <Loaded query={webhook}>{() => null}</Loaded>
    </Page>
  );
}

type Question = 'remove' | 'rotate';

function WebhookDetail({ webhook, timeZone }: { readonly webhook: Webhook; readonly timeZone: string }) {
  const { id } = webhook;
  const client = useQueryClient();
  const [asked, setAsked] = useState<Question>();
  const changed = () => client.invalidateQueries({ queryKey: ['integrations', 'webhooks'] });
  const steer = useMutation({
    mutationFn: (action: 'pause' | 'resume') => integrations.webhookAction(id, action),
    onSettled: changed,
  });
  const test = useMutation({ mutationFn: () => integrations.testWebhook(id), onSettled: changed });
  const rotate = useMutation({
    mutationFn: () => integrations.rotateWebhook(id),
    onSuccess: () => setAsked(undefined),
    onSettled: changed,
  });
  const remove = useMutation({
    mutationFn: () => integrations.removeWebhook(id),
    onSuccess: () => {
      navigate('/integrations', 'replace');
      client.removeQueries({ queryKey: integrationQueries.webhook(id).queryKey });
    },
    onSettled: changed,
  });
  const standing = standingOf(webhook);
  const failed = steer.error ?? test.error;

  return (
    <Page
      title={webhook.name}
      parent={parent}
      lead={<span className="webhook-url">{webhook.url}</span>}
      actions={
        <>
          {webhook.personal && <span className="badge badge-personal">Personal data</span>}
          <span className={`badge badge-${standing.tone}`}>{standing.label}</span>
        </>
      }
    >
      {webhook.state === 'disabled' && (
        <Notice
          tone="bad"
          title="Wardline has switched this webhook off"
          text={switchedOffWords(webhook)}
          action={{ label: 'Switch on again', act: () => steer.mutate('resume') }}
        />
      )}
      {failed && (
        <p className="form-error" role="alert">
          {failed.message}
        </p>
      )}

      <section className="panel" aria-label="What it does">
        <div className="webhook-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={test.isPending}
            onClick={() => test.mutate()}
          >
            {test.isPending ? 'Sending…' : 'Send a test event'}
          </button>
          {webhook.state === 'active' && (
            <button type="button" className="button" onClick={() => steer.mutate('pause')}>
              Pause
            </button>
          )}
          {webhook.state === 'paused' && (
            <button type="button" className="button" onClick={() => steer.mutate('resume')}>
              Resume
            </button>
          )}
          <button type="button" className="button" onClick={() => setAsked('rotate')}>
            New secret…
          </button>
          <span className="spacer" />
          <button type="button" className="button button-danger-quiet" onClick={() => setAsked('remove')}>
            Delete…
          </button>
        </div>
        {test.data && (
          <p className={test.data.delivered ? 'done' : 'form-error'} role="status">
            {test.data.delivered ? 'The test event was taken: ' : 'The test event was not taken: '}
            {answerWords(test.data)}
          </p>
        )}
        <dl className="facts">
          <div className="fact">
            <dt>Waiting</dt>
            <dd>{waitingWords(webhook)}</dd>
          </div>
          {webhook.failingSince && (
            <div className="fact">
              <dt>Failing since</dt>
              <dd>
                <Ago at={webhook.failingSince} timeZone={timeZone} />
              </dd>
            </div>
          )}
          {webhook.triedAgainAt && (
            <div className="fact">
              <dt>Tried again</dt>
              <dd>{instantIn(timeZone, webhook.triedAgainAt)}</dd>
            </div>
          )}
          {webhook.previousSecretValidUntil && (
            <div className="fact">
              <dt>The secret before signs too until</dt>
              <dd>{instantIn(timeZone, webhook.previousSecretValidUntil)}</dd>
            </div>
          )}
          <div className="fact">
            <dt>Made</dt>
            <dd>
              <Ago at={webhook.createdAt} timeZone={timeZone} />
            </dd>
          </div>
          <div className="fact fact-wide">
            <dt>Events</dt>
            <dd>{webhook.topics.join(', ')}</dd>
          </div>
        </dl>
      </section>

      {webhook.waiting.events > 0 && <WaitingEvents webhookId={id} />}
      <Deliveries webhookId={id} timeZone={timeZone} />

      {asked === 'rotate' && (
        <Confirm
          title="Make a new secret?"
          text="Events are signed with the old one as well for a while, so that the receiver can be changed without a gap."
          action="Make secret"
          tone="primary"
          busy={rotate.isPending}
          error={rotate.error}
          onConfirm={() => rotate.mutate()}
          onClose={() => setAsked(undefined)}
        />
      )}
      {rotate.data && (
        <ShownOnce
          title={`Signing secret of “${webhook.name}”`}
          text={`This secret is shown now and never again. The one before signs too until ${instantIn(timeZone, rotate.data.previousSecretValidUntil)}.`}
          values={[{ label: 'Secret', value: rotate.data.secret }]}
          onClose={() => rotate.reset()}
        />
      )}
      {asked === 'remove' && (
        <Confirm
          title={`Delete “${webhook.name}”?`}
          text="Nothing is sent to this address any more. Its secret and its log of deliveries are deleted."
          action="Delete"
          tone="danger"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Page>
  );
}
