import { Button, Textarea } from '@mantine/core';
import { IconHandStop, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Dialling } from '../api/campaign-types.ts';
import { campaignQueries, campaigns } from '../api/campaigns.ts';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormError } from '../parts/form-error.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';

/**
 * The switch that stops every campaign call of the hospital. Who may not use it still sees when it is set, and why nobody is
 * called.
 */
export function DiallingSwitch() {
  const { may, clinic } = useShell();
  const dialling = useQuery(campaignQueries.dialling);
  const [asking, setAsking] = useState(false);
  const mayStop = may('dialling:stop');
  const dialog = asking && dialling.data && (
    <DiallingDialog stopped={dialling.data.stopped} onClose={() => setAsking(false)} />
  );
  if (dialling.data?.stopped)
    return (
      <div className="dialling is-stopped" role="alert">
        <IconHandStop size={22} aria-hidden="true" />
        <p>
          <strong>Dialling is stopped for the whole hospital.</strong> No campaign calls anybody.
          <span className="dialling-note">{whoAndWhy(dialling.data, clinic.timeZone)}</span>
        </p>
        {mayStop && (
          <Button
            variant="white"
            color="dark"
            leftSection={<IconPlayerPlay size={17} aria-hidden="true" />}
            onClick={() => setAsking(true)}
          >
            Allow dialling again
          </Button>
        )}
        {dialog}
      </div>
    );
  if (!mayStop || !dialling.data) return null;
  return (
    <div className="dialling">
      <p>
        <span className="dialling-on" aria-hidden="true" />
        Dialling is on.{' '}
        <span className="muted">Campaigns of the whole hospital may call in their hours.</span>
      </p>
      <Button
        className="stop-button"
        leftSection={<IconHandStop size={18} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      >
        Stop dialling
      </Button>
      {dialog}
    </div>
  );
}

function whoAndWhy({ changedByName, changedAt, note }: Dialling, timeZone: string): string {
  const when = changedAt ? ` on ${dateIn(timeZone, changedAt)} at ${timeIn(timeZone, changedAt)}` : '';
  return `${changedByName ?? 'Somebody'} stopped it${when}${note ? `: “${note}”` : '.'}`;
}

interface DiallingDialogProps {
  readonly stopped: boolean;
  readonly onClose: () => void;
}

function DiallingDialog({ stopped, onClose }: DiallingDialogProps) {
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const change = useMutation({
    mutationFn: () => campaigns.setDialling(!stopped, note.trim()),
    onSuccess: (answer) => {
      client.setQueryData(campaignQueries.dialling.queryKey, answer);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      toast.done(answer.stopped ? 'Dialling is stopped.' : 'Campaigns may call again.');
      onClose();
    },
  });
  return (
    <Dialog title={stopped ? 'Allow dialling again?' : 'Stop all dialling?'} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <p>
          {stopped
            ? 'Campaigns that are running go on calling at once, where it is their time.'
            : 'No campaign of the whole hospital makes a new call from now on. Calls that are being held go on to their end. Campaigns keep their place and go on when dialling is allowed again.'}
        </p>
        <Textarea
          label="Reason"
          description="Everybody who works with campaigns sees it."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          required={!stopped}
          maxLength={500}
          rows={2}
          data-autofocus
        />
        <FormError error={change.error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" className={stopped ? undefined : 'stop-button'} loading={change.isPending}>
            {stopped ? 'Allow dialling' : 'Stop dialling now'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
