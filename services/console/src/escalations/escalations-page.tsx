import { Page } from '../parts/page.tsx';
import { CallBacks } from './call-backs-panel.tsx';

/** Calls that wait for a person, and people who wait to be called back. */
export default function EscalationsPage() {
  return (
    <Page title="Escalations">
      <CallBacks />
    </Page>
  );
}
