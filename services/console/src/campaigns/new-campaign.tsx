import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CampaignSettings } from '../api/campaign-types.ts';
import { campaignQueries, campaigns } from '../api/campaigns.ts';
import type { Clinic } from '../api/types.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { navigate } from '../parts/router.tsx';
import { useWishKey } from '../parts/wish-key.ts';
import { useShell } from '../shell/shell-context.ts';
import { DiallingSwitch } from './dialling-switch.tsx';
import { regionOf } from './regions.ts';
import { SettingsForm } from './settings-form.tsx';
import { Steps } from './steps.tsx';
import { parent } from './words.ts';

const usual = (clinic: Clinic, flow: string): CampaignSettings => ({
  clinic: clinic.id,
  name: '',
  flow,
  isoWeekdays: [1, 2, 3, 4, 5],
  fromLocalTime: '09:00',
  toLocalTime: '18:00',
  firstDay: '',
  lastDay: '',
  callsAtOnceMax: 5,
  attemptsMax: 3,
  attemptsPerDayMax: 1,
  defaultRegion: regionOf(clinic.language),
  ringSeconds: 25,
});

/** The first step; when it is saved, there is a draft, and the next step is its own page. */
export function NewCampaign() {
  const { clinic, may } = useShell();
  const client = useQueryClient();
  const keyOf = useWishKey();
  const flows = useQuery(campaignQueries.flows);
  const create = useMutation({
    mutationFn: (settings: CampaignSettings) => campaigns.create(settings, keyOf(settings)),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      navigate(`/campaigns/${id}/recipients`, 'replace');
    },
  });
  return (
    <Page title="New campaign" parent={parent} lead="Nobody is called before you start it in the last step.">
      <DiallingSwitch />
      {may('campaigns:write') ? (
        <>
          <Steps now="settings" done={new Set()} />
          <Loaded query={flows} rows={5} isEmpty={() => false}>
            {(items) => (
              <SettingsForm
                settings={usual(clinic, items[0]?.id ?? '')}
                flows={items}
                action="Save and go on"
                busy={create.isPending}
                error={create.error}
                onSave={(settings) => create.mutate(settings)}
              />
            )}
          </Loaded>
        </>
      ) : (
        <Notice tone="calm" title="Not yours to make" text="Campaigns are made by managers." />
      )}
    </Page>
  );
}
