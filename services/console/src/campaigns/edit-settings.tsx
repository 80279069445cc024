import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Campaign, CampaignSettings } from '../api/campaign-types.ts';
import { campaignQueries, campaigns } from '../api/campaigns.ts';
import { ApiError } from '../api/client.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { navigate } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { DiallingSwitch } from './dialling-switch.tsx';
import { SettingsForm } from './settings-form.tsx';

interface EditProps {
  readonly campaign: Campaign;
  readonly action: string;
  /** Where it goes on when it is saved. */
  readonly next: string;
}

/** The settings of a draft or a paused campaign, with the revision that they were read in. */
export function SettingsOf({ campaign, action, next }: EditProps) {
  const client = useQueryClient();
  // What is changed is what was read: what others do meanwhile neither moves the fields nor is overwritten unseen.
  const [read, setRead] = useState(campaign);
  const flows = useQuery(campaignQueries.flows);
  const save = useMutation({
    mutationFn: (settings: CampaignSettings) => campaigns.update(read.id, settings, read.revision),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['campaigns'] });
      toast.done('Saved.');
      navigate(next);
    },
  });
  const overtaken = save.error instanceof ApiError && save.error.code === 'contention';
  const readAgain = async () => {
    setRead(await client.fetchQuery(campaignQueries.one(read.id)));
    save.reset();
  };
  return (
    <Loaded query={flows} rows={5} isEmpty={() => false}>
      {(items) => (
        <>
          {overtaken && (
            <Notice
              tone="bad"
              title="Somebody else has changed this campaign"
              text="Nothing of yours was saved. Look at what is there now, and change it again."
              action={{ label: 'Show what is there now', act: () => void readAgain() }}
            />
          )}
          <SettingsForm
            key={read.revision}
            settings={read.settings}
            flows={items}
            action={action}
            busy={save.isPending}
            error={overtaken ? null : save.error}
            beside={
              <Button variant="default" onClick={() => navigate(next)}>
                Leave as it is
              </Button>
            }
            onSave={(settings) => save.mutate(settings)}
          />
        </>
      )}
    </Loaded>
  );
}

/** Changes a campaign while it is paused. */
export function EditSettings({ campaign }: { readonly campaign: Campaign }) {
  const to = `/campaigns/${campaign.id}`;
  return (
    <Page
      title={`Settings of ${campaign.settings.name}`}
      parent={{ to, label: campaign.settings.name }}
      lead="They hold from the moment it is resumed. Its script stays the one that it was started with."
    >
      <DiallingSwitch />
      <SettingsOf campaign={campaign} action="Save" next={to} />
    </Page>
  );
}
