import { Button } from '@mantine/core';
import { IconDownload, IconSettings } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { CampaignWithImports } from '../api/campaign-types.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { download } from '../api/download.ts';
import { Badge } from '../parts/badge.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/panel.tsx';
import { navigate } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { CampaignActions } from './campaign-actions.tsx';
import { DiallingSwitch } from './dialling-switch.tsx';
import { Funnel } from './funnel.tsx';
import { Imports } from './imports.tsx';
import { Recipients } from './recipients.tsx';
import { ResultBar, ResultLegend } from './result-bar.tsx';
import { ResultCounts } from './result-counts.tsx';
import { holdingBackInWords, inDigits, parent, stateInWords, stateTone, windowInWords } from './words.ts';

/** A campaign that has been started: how far it is, with whom it came to what, and what can be done about it. */
export function CampaignInFull({ campaign }: { readonly campaign: CampaignWithImports }) {
  const { may } = useShell();
  const { id, settings, progress, state } = campaign;
  const holdingBack = holdingBackInWords(campaign.holdingBack);
  const save = useMutation({
    mutationFn: () => download(`/campaigns/${id}/results.csv`, `campaign-${id}.csv`),
    onError: (error) => toast.failed('Could not be downloaded', error),
  });
  return (
    <Page
      title={settings.name}
      parent={parent}
      lead={`Calls ${windowInWords(settings)} in the called person’s local time, up to ${settings.callsAtOnceMax} at once.`}
      actions={
        <>
          <Badge tone={stateTone(state)}>{stateInWords(state)}</Badge>
          {holdingBack && <Badge tone="warn">{holdingBack}</Badge>}
          <Button
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden="true" />}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Results as CSV
          </Button>
          {state === 'paused' && may('campaigns:write') && (
            <Button
              variant="default"
              leftSection={<IconSettings size={17} aria-hidden="true" />}
              onClick={() => navigate(`/campaigns/${id}/settings`)}
            >
              Settings
            </Button>
          )}
          <CampaignActions campaign={campaign} />
        </>
      }
    >
      <DiallingSwitch />
      <Counters campaign={campaign} />
      <div className="campaign-columns">
        <Section title="What it came to">
          <ResultCounts progress={progress} />
        </Section>
        {may('insights:read') && (
          <Section title="How far it got" lead="Counted from what happened in the calls.">
            <Funnel id={id} running={state === 'running'} recipients={progress.recipients} />
          </Section>
        )}
      </div>
      <Recipients campaign={campaign} />
      <Facts campaign={campaign} />
      {campaign.imports.length > 0 && <Imports imports={campaign.imports} />}
    </Page>
  );
}

function Counters({ campaign: { progress } }: { readonly campaign: CampaignWithImports }) {
  const figures: readonly (readonly [string, number])[] = [
    ['People', progress.recipients],
    ['Done', progress.settled],
    ['In a call', progress.live],
    ['Waiting', progress.waiting + progress.queued],
    ['Calls made', progress.calls],
  ];
  return (
    <section className="panel column counters" aria-label="Progress">
      <dl className="counts">
        {figures.map(([name, value]) => (
          <div key={name} className={`figure ${name === 'In a call' && value > 0 ? 'is-live' : ''}`}>
            <dt>{name}</dt>
            <dd>{inDigits(value)}</dd>
          </div>
        ))}
      </dl>
      <ResultBar progress={progress} />
      <ResultLegend progress={progress} />
    </section>
  );
}

function Facts({ campaign }: { readonly campaign: CampaignWithImports }) {
  const { clinic, may } = useShell();
  const flows = useQuery({ ...campaignQueries.flows, enabled: may('flows:read') });
  const { settings: s } = campaign;
  const moment = (at: string | null) =>
    at ? `${dateIn(clinic.timeZone, at)}, ${timeIn(clinic.timeZone, at)}` : '–';
  const title = flows.data?.find(({ id }) => id === s.flow)?.title ?? s.flow;
  const facts: readonly (readonly [string, string])[] = [
    ['Script', `${title}, version ${campaign.flowVersion}`],
    ['Hours', windowInWords(s)],
    [
      'Days',
      s.firstDay || s.lastDay ? `${s.firstDay || 'at once'} to ${s.lastDay || 'without end'}` : 'Without end',
    ],
    ['Calls per person', `${s.attemptsMax} at most, ${s.attemptsPerDayMax} a day`],
    ['Lets it ring', `${s.ringSeconds} seconds`],
    ['Started', moment(campaign.startedAt)],
    ['Ended', moment(campaign.endedAt)],
  ];
  return (
    <Section title="Settings">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
