import { Button } from '@mantine/core';
import { IconArrowRight, IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Booked } from '../api/appointment-types.ts';
import { appointments } from '../api/appointments.ts';
import { dateIn, instantIn } from '../api/clinic-day.ts';
import { Badge } from '../parts/badge.tsx';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { FormError } from '../parts/form-error.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { channelInWords, isConfirmed, timesOf } from './words.ts';

interface AppointmentDialogProps {
  readonly appointment: Booked;
  readonly timeZone: string;
  readonly onMove: () => void;
  readonly onClose: () => void;
}

/** One appointment, and what can be done about it. */
export function AppointmentDialog({ appointment: a, timeZone, onMove, onClose }: AppointmentDialogProps) {
  const { may } = useShell();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const settle = (words: string) => ({
    onSuccess: () => {
      toast.done(words);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['appointments'] }),
  });
  const confirm = useMutation({
    mutationFn: () => appointments.confirm(a.id),
    ...settle(`${a.patient.name} is confirmed.`),
  });
  const cancel = useMutation({
    mutationFn: () => appointments.cancel(a.id),
    ...settle('Cancelled. The time is free again.'),
  });
  const when = `${dateIn(timeZone, a.start)}, ${timesOf(timeZone, a)}`;
  if (asking)
    return (
      <Confirm
        title="Cancel this appointment?"
        text={
          <p>
            {a.patient.name}, {when}, with {a.doctorName}. The patient is told by message, and the time is
            free for somebody else.
          </p>
        }
        action="Cancel the appointment"
        tone="danger"
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      />
    );
  const begun = Date.parse(a.start) <= Date.now();
  const mayChange = may('appointments:write') && a.status === 'booked' && !begun;
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['When', when],
    ['With', `${a.doctorName}, ${a.department}`],
    ['Number', readableNumber(a.patient.phone)],
    ['Booked', channelInWords(a.channel)],
    ['Confirmed', a.confirmedAt ? instantIn(timeZone, a.confirmedAt) : 'Not yet'],
  ];
  return (
    <Dialog title={a.patient.name} onClose={onClose}>
      <p>
        {isConfirmed(a) ? <Badge tone="good">Confirmed</Badge> : <Badge>Not confirmed</Badge>}{' '}
        {a.status !== 'booked' && <Badge tone="warn">{a.status}</Badge>}
        {begun && <Badge>Has begun</Badge>}
      </p>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {a.call && may('calls:read') && <Link to={`/calls/${a.call}`}>The call in which it was booked</Link>}
      <FormError error={confirm.error} />
      {mayChange && (
        <div className="dialog-actions">
          <Button
            variant="default"
            className="quiet-danger"
            leftSection={<IconX size={17} aria-hidden="true" />}
            onClick={() => setAsking(true)}
          >
            Cancel it
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowRight size={17} aria-hidden="true" />}
            onClick={onMove}
          >
            Move
          </Button>
          {!isConfirmed(a) && (
            <Button
              leftSection={<IconCheck size={17} aria-hidden="true" />}
              loading={confirm.isPending}
              onClick={() => confirm.mutate()}
            >
              Confirm
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}
