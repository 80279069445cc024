import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Campaign } from '../api/campaign-types.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { dateIn } from '../api/clinic-day.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Link, navigate } from '../parts/router.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { useShell } from '../shell/shell-context.ts';
import { DiallingSwitch } from './dialling-switch.tsx';
import { ResultBar } from './result-bar.tsx';
import { holdingBackInWords, inDigits, people, stateInWords, stateTone } from './words.ts';

/** Every campaign of the clinic, newest first, with how far each is. */
export function CampaignList() {
  const { clinic, may } = useShell();
  const campaigns = useInfiniteQuery(campaignQueries.list(clinic.id));
  return (
    <Page
      title="Campaigns"
      lead="Wardline calls patients for you: reminders, missed appointments. Nobody is called before a campaign is started."
      actions={
        may('campaigns:write') && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => navigate('/campaigns/new')}
          >
            New campaign
          </Button>
        )
      }
    >
      <DiallingSwitch />
      <section className="panel" aria-label="All campaigns">
        <Loaded
          query={campaigns}
          rows={4}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={{
            title: 'No campaigns yet',
            text: may('campaigns:write')
              ? 'Make one: choose a script and hours, upload who is to be called, look at the plan, start.'
              : 'Managers make them; they appear here with their progress.',
          }}
        >
          {({ pages }) => (
            <>
              <ul className="campaigns">
                {pages
                  .flatMap(({ items }) => items)
                  .map((campaign) => (
                    <CampaignRow key={campaign.id} campaign={campaign} timeZone={clinic.timeZone} />
                  ))}
              </ul>
              <ShowMore of={campaigns} label="Show older campaigns" />
            </>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function CampaignRow({ campaign, timeZone }: { readonly campaign: Campaign; readonly timeZone: string }) {
  const { progress, state, settings } = campaign;
  const holdingBack = holdingBackInWords(campaign.holdingBack);
  const since = campaign.endedAt ?? campaign.startedAt ?? campaign.createdAt;
  const verb = campaign.endedAt ? 'Ended' : campaign.startedAt ? 'Started' : 'Made';
  return (
    <li className="campaign-row">
      <div className="campaign-row-head">
        <Link to={`/campaigns/${campaign.id}`} className="row-link campaign-name">
          {settings.name}
        </Link>
        <Badge tone={stateTone(state)}>{stateInWords(state)}</Badge>
        {holdingBack && <Badge tone="warn">{holdingBack}</Badge>}
        <span className="spacer" />
        <span className="muted small">{since && `${verb} ${dateIn(timeZone, since)}`}</span>
      </div>
      {progress.recipients === 0 ? (
        <p className="muted small">Nobody is on its list yet.</p>
      ) : (
        <>
          <ResultBar progress={progress} />
          <p className="campaign-row-figures small">
            <span>
              <strong>{inDigits(progress.settled)}</strong> of {people(progress.recipients)} done
            </span>
            {progress.live > 0 && (
              <span className="in-call">
                <strong>{inDigits(progress.live)}</strong> in a call
              </span>
            )}
            <span className="muted">{inDigits(progress.calls)} calls made</span>
          </p>
        </>
      )}
    </li>
  );
}
