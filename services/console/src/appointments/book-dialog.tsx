import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Slot } from '../api/appointment-types.ts';
import { appointments } from '../api/appointments.ts';
import { dateIn } from '../api/clinic-day.ts';
import { e164 } from '../calls/numbers.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormError } from '../parts/form-error.tsx';
import { toast } from '../parts/toasts.ts';
import { useWishKey } from '../parts/wish-key.ts';
import { timesOf } from './words.ts';

interface BookDialogProps {
  readonly clinic: string;
  readonly slot: Slot;
  readonly timeZone: string;
  readonly onClose: () => void;
}

/** Who a free time is for. */
export function BookDialog({ clinic, slot, timeZone, onClose }: BookDialogProps) {
  const client = useQueryClient();
  const keyOf = useWishKey();
  const [name, setName] = useState('');
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const phone = e164(typed);
  const book = useMutation({
    mutationFn: (number: string) => {
      const booking = {
        ...{ clinic, doctor: slot.doctor, start: slot.start },
        patient: { name: name.trim(), phone: number },
      };
      return appointments.book(booking, keyOf(booking));
    },
    onSuccess: (booked) => {
      toast.done(`Booked for ${booked.patient.name}. A message confirms it.`);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['appointments'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (phone) book.mutate(phone);
  };
  return (
    <Dialog title="Book an appointment" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <p>
          <strong>
            {dateIn(timeZone, slot.start)}, {timesOf(timeZone, slot)}
          </strong>{' '}
          with {slot.doctorName}, {slot.department}.
        </p>
        <TextInput
          label="Patient’s name"
          required
          maxLength={120}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="Number"
          description="With the country’s code. A message is sent there."
          placeholder="+1 202 555 0143"
          required
          inputMode="tel"
          autoComplete="off"
          value={typed}
          error={tried && !phone ? 'This is not a whole number with its country’s code' : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <FormError error={book.error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={book.isPending}>
            Book
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
