import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Booked, Slot } from '../api/appointment-types.ts';
import { appointments } from '../api/appointments.ts';
import { dateIn } from '../api/clinic-day.ts';
import { Confirm } from '../parts/dialog.tsx';
import { toast } from '../parts/toasts.ts';
import { useWishKey } from '../parts/wish-key.ts';
import { timesOf } from './words.ts';

interface MovingProps {
  readonly appointment: Booked;
  readonly timeZone: string;
  /** No free times are shown: every doctor's week at once would be too much. */
  readonly withoutSlots: boolean;
  readonly onStop: () => void;
}

/** Says that the next free time that is chosen is for a move. */
export function Moving({ appointment: a, timeZone, withoutSlots, onStop }: MovingProps) {
  return (
    <div className="moving" role="status">
      <IconArrowRight size={20} aria-hidden="true" />
      <p>
        <strong>Moving {a.patient.name}</strong> ({dateIn(timeZone, a.start)}, {timesOf(timeZone, a)},{' '}
        {a.doctorName}
        ). {withoutSlots ? 'Choose a doctor or a day to see free times.' : 'Choose a free time, on any day.'}
      </p>
      <Button variant="default" size="xs" onClick={onStop}>
        Leave it where it is
      </Button>
    </div>
  );
}

interface MoveDialogProps {
  readonly appointment: Booked;
  readonly slot: Slot;
  readonly timeZone: string;
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

export function MoveDialog({ appointment: a, slot, timeZone, onClose, onMoved }: MoveDialogProps) {
  const client = useQueryClient();
  const keyOf = useWishKey();
  const move = useMutation({
    mutationFn: () => {
      const to = { doctor: slot.doctor, start: slot.start };
      return appointments.move(a.id, to, keyOf({ id: a.id, ...to }));
    },
    onSuccess: () => {
      toast.done(`${a.patient.name} is moved.`);
      onMoved();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['appointments'] }),
  });
  return (
    <Confirm
      title={`Move ${a.patient.name}?`}
      text={
        <>
          <p>
            From {dateIn(timeZone, a.start)}, {timesOf(timeZone, a)}, {a.doctorName}
          </p>
          <p>
            to{' '}
            <strong>
              {dateIn(timeZone, slot.start)}, {timesOf(timeZone, slot)}, {slot.doctorName}
            </strong>
            . The patient is told by message.
          </p>
        </>
      }
      action="Move"
      tone="primary"
      busy={move.isPending}
      error={move.error}
      onConfirm={() => move.mutate()}
      onClose={onClose}
    />
  );
}
