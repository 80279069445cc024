import type { PageProps } from '../shell/pages.ts';
import { CampaignList } from './campaign-list.tsx';
import { CampaignPage } from './campaign-page.tsx';
import { NewCampaign } from './new-campaign.tsx';
import './making.css';
import './campaigns.css';

/** "/campaigns", "/campaigns/new", "/campaigns/ID" and the steps of a draft: "/campaigns/ID/recipients", "/campaigns/ID/check". */
export default function CampaignsPage({ rest: [first, second] }: PageProps) {
  if (!first) return <CampaignList />;
  if (first === 'new') return <NewCampaign />;
  return <CampaignPage key={first} id={first} part={second} />;
}
