import { useQuery } from '@tanstack/react-query';
import { campaignQueries } from '../api/campaigns.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useShell } from '../shell/shell-context.ts';
import { CampaignInFull } from './campaign-in-full.tsx';
import { DraftCampaign } from './draft-campaign.tsx';
import { EditSettings } from './edit-settings.tsx';
import { parent } from './words.ts';

interface CampaignPageProps {
  readonly id: string;
  /** What follows its id in the address. */
  readonly part: string | undefined;
}

/** One campaign: while it is a draft, the steps to its start; then how it goes. */
export function CampaignPage({ id, part }: CampaignPageProps) {
  const { may } = useShell();
  const found = useQuery(campaignQueries.one(id));
  const campaign = found.data;
  if (!campaign)
    return (
      <Page title="Campaign" parent={parent}>
        <Loaded query={found} rows={6}>
          {() => null}
        </Loaded>
      </Page>
    );
  if (campaign.state === 'draft') return <DraftCampaign campaign={campaign} part={part} />;
  if (part === 'settings' && campaign.state === 'paused' && may('campaigns:write'))
    return <EditSettings campaign={campaign} />;
  return <CampaignInFull campaign={campaign} />;
}
