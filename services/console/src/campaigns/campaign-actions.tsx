import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Campaign } from '../api/campaign-types.ts';
import { campaignQueries, campaigns } from '../api/campaigns.ts';
import { Confirm } from '../parts/dialog.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { people } from './words.ts';

export type Change = 'start' | 'pause' | 'resume' | 'cancel';

const done: Record<Change, string> = {
  start: 'Started. Calls begin where it is their time.',
  pause: 'Paused. Calls that are being held go on to their end.',
  resume: 'Resumed.',
  cancel: 'Cancelled. Nobody else is called.',
};

/** Start, pause, resume, cancel: what was changed is there at once, and told. */
export function useChange(campaign: Campaign) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => campaigns.change(campaign.id, change),
    onSuccess: (changed, change) => {
      client.setQueryData(
        campaignQueries.one(campaign.id).queryKey,
        (before) => before && { ...before, ...changed },
      );
      toast.done(done[change]);
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      void client.invalidateQueries({ queryKey: ['campaign-recipients', campaign.id] });
    },
  });
}

/** What can be done to a campaign in its present state, for who may. */
export function CampaignActions({ campaign }: { readonly campaign: Campaign }) {
  const { may } = useShell();
  const change = useChange(campaign);
  const [asking, setAsking] = useState(false);
  const { state, progress } = campaign;
  if (!may('campaigns:run')) return null;
  const act = (what: Change) =>
    change.mutate(what, { onError: (error) => toast.failed('Nothing was changed', error) });
  const cancellable = state === 'draft' || state === 'running' || state === 'paused';
  const left = progress.waiting + progress.queued;
  return (
    <>
      {state === 'running' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={17} aria-hidden="true" />}
          loading={change.isPending && !asking}
          onClick={() => act('pause')}
        >
          Pause
        </Button>
      )}
      {state === 'paused' && (
        <Button
          leftSection={<IconPlayerPlay size={17} aria-hidden="true" />}
          loading={change.isPending && !asking}
          onClick={() => act('resume')}
        >
          Resume
        </Button>
      )}
      {cancellable && (
        <Button
          variant="default"
          className="quiet-danger"
          leftSection={<IconX size={17} aria-hidden="true" />}
          onClick={() => {
            change.reset();
            setAsking(true);
          }}
        >
          Cancel campaign
        </Button>
      )}
      {asking && (
        <Confirm
          title={`Cancel “${campaign.settings.name}”?`}
          text={
            <>
              <p>
                {left > 0
                  ? `${people(left)} who are still waiting will not be called.`
                  : 'Nobody is waiting for a call.'}{' '}
                Calls that are being held go on to their end.
              </p>
              <p>A cancelled campaign cannot be started again. To interrupt it, pause it.</p>
            </>
          }
          action="Cancel it for good"
          tone="danger"
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate('cancel', { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
