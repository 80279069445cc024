import { Page } from '../parts/page.tsx';
import type { PageProps } from '../shell/pages.ts';
import { useShell } from '../shell/shell-context.ts';
import { KafkaPanel } from './kafka-panel.tsx';
import { StreamsPanel } from './streams-panel.tsx';
import { WebhookPage } from './webhook-page.tsx';
import { WebhooksPanel } from './webhooks-panel.tsx';
import './integrations.css';

/** What other systems of the hospital are told of, and how. */
export default function IntegrationsPage({ rest: [kind, id] }: PageProps) {
  const { timeZone } = useShell().clinic;
  if (kind === 'webhooks' && id) return <WebhookPage key={id} id={id} timeZone={timeZone} />;
  return (
    <Page
      title="Integrations"
      lead={
        <>
          What happens in Wardline, told to your other systems: each event at least once, in order, and kept
          for seven days. <a href="/docs/events">What each event says</a>
        </>
      }
    >
      <WebhooksPanel />
      <div className="two-panels">
        <StreamsPanel timeZone={timeZone} />
        <KafkaPanel timeZone={timeZone} />
      </div>
    </Page>
  );
}
