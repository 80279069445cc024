import { KafkaPanel } from './kafka-panel.tsx';
import { StreamsPanel } from './streams-panel.tsx';
import { WebhooksPanel } from './webhooks-panel.tsx';
import './integrations.css';

/** What other systems of the hospital are told of, and how. */
export function IntegrationsPage({ timeZone }: { readonly timeZone: string }) {
  return (
    <main className="page">
      <header className="page-head">
        <h1 tabIndex={-1}>Integrations</h1>
        <p className="muted">
          What happens in Wardline, told to your other systems: each event at least once, in order, and kept
          for seven days. <a href="/docs/events">What each event says</a>
        </p>
      </header>
      <WebhooksPanel />
      <div className="two-panels">
        <StreamsPanel timeZone={timeZone} />
        <KafkaPanel timeZone={timeZone} />
      </div>
    </main>
  );
}
