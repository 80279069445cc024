import { useState } from 'react';
import type { CampaignWithImports } from '../api/campaign-types.ts';
import { Badge } from '../parts/badge.tsx';
import { Page } from '../parts/page.tsx';
import { useShell } from '../shell/shell-context.ts';
import { CampaignActions } from './campaign-actions.tsx';
import { CheckStep } from './check-step.tsx';
import { DiallingSwitch } from './dialling-switch.tsx';
import { SettingsOf } from './edit-settings.tsx';
import { RecipientsStep } from './recipients-step.tsx';
import { type StepName, Steps } from './steps.tsx';
import { parent, stateInWords, stateTone, windowInWords } from './words.ts';

const steps: readonly StepName[] = ['settings', 'recipients', 'check'];

interface DraftProps {
  readonly campaign: CampaignWithImports;
  readonly part: string | undefined;
}

/** A campaign that has not been started, one step a page. Without an address of a step: the one that is next. */
export function DraftCampaign({ campaign, part }: DraftProps) {
  const { may } = useShell();
  const { id, settings, progress, state } = campaign;
  const mayWrite = may('campaigns:write');
  const hasPeople = progress.recipients > 0;
  // The one that was next when the page was opened: an upload does not turn the page over its own report.
  const [next] = useState<StepName>(hasPeople ? 'check' : 'recipients');
  const step = mayWrite ? (steps.find((name) => name === part) ?? next) : 'check';
  const done = new Set<StepName>(hasPeople ? ['settings', 'recipients'] : ['settings']);
  return (
    <Page
      title={settings.name}
      parent={parent}
      lead={`Calls ${windowInWords(settings)} in the called person’s local time.`}
      actions={
        <>
          <Badge tone={stateTone(state)}>{stateInWords(state)}</Badge>
          <CampaignActions campaign={campaign} />
        </>
      }
    >
      <DiallingSwitch />
      {mayWrite && <Steps now={step} id={id} done={done} />}
      {step === 'settings' && (
        <SettingsOf campaign={campaign} action="Save and go on" next={`/campaigns/${id}/recipients`} />
      )}
      {step === 'recipients' && <RecipientsStep campaign={campaign} />}
      {step === 'check' && <CheckStep campaign={campaign} />}
    </Page>
  );
}
