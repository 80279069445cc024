import { Button, TextInput } from '@mantine/core';
import { IconPhoneCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { escalations, showEscalation } from '../api/escalations.ts';
import type { Escalation } from '../api/types.ts';
import { e164 } from '../calls/numbers.ts';
import { clock, useNow } from '../parts/ago.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { navigate } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { useKeys } from '../shell/keys.ts';
import { useShell } from '../shell/shell-context.ts';
import { useDesk } from './desk.tsx';

/** Somebody else was quicker, or the caller has gone: nothing to try again. */
const isGone = (error: Error | null) => error instanceof ApiError && error.status === 409;

/** A key that was meant for what stood here before does nothing to what stands here now. */
const settleMs = 400;

/** The two answers to a waiting call, by mouse and by key. */
export function AcceptOrDecline({ item }: { readonly item: Escalation }) {
  const { me } = useShell();
  const { decline: leave } = useDesk();
  const client = useQueryClient();
  const now = useNow(1_000);
  const shownAt = useRef(0);
  useEffect(() => {
    shownAt.current = performance.now();
  }, []);
  const [own, setOwn] = useState('');
  const number = me.user.phone ?? e164(own);
  const again = () => client.invalidateQueries({ queryKey: ['escalations'] });
  const accept = useMutation({
    mutationFn: () => escalations.accept(item.id, me.user.phone ? undefined : number),
    onSuccess: async (taken) => {
      await showEscalation(client, taken);
      // From here on this call is what is shown, whoever else waits.
      navigate(`/escalations/${item.id}`, 'replace');
    },
    onError: (error) => {
      if (isGone(error)) toast.note(error.message);
    },
    onSettled: again,
  });
  const decline = useMutation({
    mutationFn: () => escalations.decline(item.id),
    onSuccess: () => {
      leave(item.id);
      navigate('/escalations', 'replace');
    },
    onSettled: again,
  });
  const busy = accept.isPending || decline.isPending;
  const act = (answer: { readonly mutate: () => void }) => () => {
    if (!busy && performance.now() - shownAt.current > settleMs) answer.mutate();
  };
  const canTake = number !== undefined && item.state === 'offered';
  const take = canTake ? act(accept) : () => undefined;
  useKeys({ a: take, Enter: take, d: act(decline) });
  const left = item.expiresAt ? Math.ceil((Date.parse(item.expiresAt) - now) / 1_000) : undefined;
  const error = isGone(accept.error) ? decline.error : (accept.error ?? decline.error);
  return (
    <div className="answer">
      {!me.user.phone && (
        <TextInput
          label="Call me at"
          description="No number of yours is on record; an administrator can enter one."
          placeholder="+1 202 555 0171"
          inputMode="tel"
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
      )}
      <div className="answer-buttons">
        <Button
          size="lg"
          className="answer-accept"
          loading={accept.isPending}
          disabled={!canTake || decline.isPending}
          leftSection={<IconPhoneCheck size={22} aria-hidden="true" />}
          rightSection={<span className="kbd">A</span>}
          onClick={() => accept.mutate()}
        >
          Accept
        </Button>
        <Button
          size="lg"
          variant="default"
          loading={decline.isPending}
          disabled={accept.isPending}
          leftSection={<IconX size={22} aria-hidden="true" />}
          rightSection={<span className="kbd">D</span>}
          onClick={() => decline.mutate()}
        >
          Decline
        </Button>
        {left !== undefined && (
          <p className="answer-left">
            <span className="answer-left-number figures">{clock(Math.max(0, left))}</span>
            <span className="muted">left to accept</span>
          </p>
        )}
      </div>
      {number && <p className="muted">Accepting lets your telephone ring: {readableNumber(number)}</p>}
      {error && (
        <p className="form-error" role="alert">
          {error.message}
        </p>
      )}
    </div>
  );
}
