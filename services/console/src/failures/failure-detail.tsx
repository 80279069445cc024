import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { instantIn } from '../api/clinic-day.ts';
import type { DeadLetter, ReleaseHow } from '../api/failure-types.ts';
import { releaseLetter } from '../api/queries.ts';
import { Confirm } from '../parts/dialog.tsx';
import { navigate } from '../parts/router.tsx';
import { History } from './history.tsx';
import { count, doneWords, effectOf, typeInWords } from './words.ts';

interface FailureDetailProps {
  readonly letter: DeadLetter;
  readonly mayRelease: boolean;
  readonly timeZone: string;
  readonly onDone: (words: string) => void;
}

const actions = {
  replay: { title: 'Replay this event?', label: 'Replay', tone: 'primary' },
  discard: { title: 'Discard this event?', label: 'Discard', tone: 'danger' },
} as const;

export function FailureDetail({ letter, mayRelease, timeZone, onDone }: FailureDetailProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<ReleaseHow>();
  const release = useMutation({
    mutationFn: (how: ReleaseHow) => releaseLetter(letter.id, how),
    onSuccess: (released) => {
      onDone(doneWords(released));
      navigate('/failed-events', 'replace');
    },
    // Also when somebody else was faster: the list then says so.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['dead-letters'] });
      void client.invalidateQueries({ queryKey: ['parked'] });
    },
  });
  const ask = (how: ReleaseHow) => {
    release.reset();
    setAsked(how);
  };
  const { event } = letter;
  return (
    <article className="panel failure" aria-label={`Failed event ${typeInWords(event.type)}`}>
      <header className="failure-head">
        <h2>{typeInWords(event.type)}</h2>
        <span className="spacer" />
        {mayRelease && (
          <>
            <button type="button" className="button button-danger-quiet" onClick={() => ask('discard')}>
              Discard…
            </button>
            <button type="button" className="button button-primary" onClick={() => ask('replay')}>
              Replay…
            </button>
          </>
        )}
      </header>
      {!mayRelease && (
        <p className="muted failure-note">Your role may see failed events, but not release them.</p>
      )}
      <p className="failure-reason">{letter.reason}</p>
      <p className="failure-waiting">{waitingWords(letter)}</p>
      <h3>
        {letter.attemptsAtLeast && 'At least '}
        {count(letter.attempts, 'attempt')}
      </h3>
      <History history={letter.history} timeZone={timeZone} />
      <h3>The event</h3>
      <dl className="facts">
        <Fact name="Handled by" value={letter.group} />
        <Fact name="Topic" value={letter.topic} />
        <Fact name="About" value={`${event.subject}, no. ${event.sequence}`} />
        <Fact name="Key" value={letter.key} />
        <Fact name="Happened" value={event.occurredAt ? instantIn(timeZone, event.occurredAt) : 'not said'} />
        <Fact name="Event id" value={event.id} />
        <Fact name="Trace" value={event.traceId ?? 'none'} />
      </dl>
      <h3>Content</h3>
      <p className="muted failure-note">Personal values, and every free text, stay hidden.</p>
      {/* Scrolls by itself, so it must be reachable by keyboard. */}
      <pre className="content" tabIndex={0} aria-label="Content of the event">
        {JSON.stringify(event.data, undefined, 2)}
      </pre>
      {asked && (
        <Confirm
          {...actions[asked]}
          action={actions[asked].label}
          text={
            <>
              <p>{effectOf(letter, asked)}</p>
              {asked === 'replay' ? (
                <p>Should it fail again, it comes back here with its history.</p>
              ) : (
                <p>This cannot be undone.</p>
              )}
            </>
          }
          busy={release.isPending}
          error={release.error}
          onConfirm={() => release.mutate(asked)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </article>
  );
}

function waitingWords({ holdsKey, waiting, topic }: DeadLetter): string {
  if (!holdsKey)
    return `Events of ${topic} each say everything, so its key has gone on without this one. Nothing waits.`;
  if (waiting === 0) return 'Nothing waits behind it yet. Later events of its key will.';
  return `${count(waiting, 'later event')} of its key ${waiting === 1 ? 'waits' : 'wait'} behind it, in order.`;
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
