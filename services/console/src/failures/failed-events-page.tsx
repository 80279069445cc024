import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import type { DeadLetter, DeadLetters } from '../api/failure-types.ts';
import { queries } from '../api/queries.ts';
import { Ago } from '../parts/ago.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { Link, navigate } from '../parts/router.tsx';
import type { PageProps } from '../shell/pages.ts';
import { useShell } from '../shell/shell-context.ts';
import { FailureDetail } from './failure-detail.tsx';
import { ParkedKeys } from './parked-keys.tsx';
import { count, typeInWords } from './words.ts';
import './failures.css';

const itemsOf = (letters: DeadLetters) => letters.items;
const pathOf = (id: string) => `/failed-events/${id}`;

/** Events that a service could not handle: why, what waits for them, and the two ways on. */
export default function FailedEventsPage({ rest: [selected] }: PageProps) {
  const { timeZone } = useShell().clinic;
  const letters = useQuery(queries.deadLetters);
  const list = useQuery({ ...queries.deadLetters, select: itemsOf });
  const [topic, setTopic] = useState('');
  const [done, setDone] = useState<string>();
  const items = letters.data?.items ?? [];
  const topics = [...new Set(items.map((letter) => letter.topic))].sort();
  const shown = topic === '' ? items : items.filter((letter) => letter.topic === topic);
  const letter = items.find(({ id }) => id === selected);
  const waiting = items.reduce((sum, item) => sum + item.waiting, 0);

  return (
    <Page
      title="Failed events"
      lead="When a service cannot handle an event, later events of the same call, appointment or patient wait, so that nothing overtakes it. Everything else goes on."
    >
      <p className="done" role="status">
        {done}
      </p>
      <div className="failures-grid">
        <div className="column">
          <Panel
            title="Given up"
            query={list}
            empty={{
              title: 'Nothing has failed',
              text: 'Events that cannot be handled after several attempts are kept here until somebody decides.',
            }}
          >
            {() => (
              <>
                <div className="list-tools">
                  <span className="muted">{count(waiting, 'event')} waiting behind</span>
                  <span className="spacer" />
                  {topics.length > 1 && (
                    <label>
                      <span className="for-readers">Topic</span>
                      <select value={topic} onChange={(event) => setTopic(event.target.value)}>
                        <option value="">All topics</option>
                        {topics.map((name) => (
                          <option key={name}>{name}</option>
                        ))}
                      </select>
                    </label>
                  )}
                </div>
                <LetterList letters={shown} selected={selected} timeZone={timeZone} />
              </>
            )}
          </Panel>
          <ParkedKeys timeZone={timeZone} />
        </div>
        {letter ? (
          <FailureDetail
            key={letter.id}
            letter={letter}
            mayRelease={letters.data?.mayRelease ?? false}
            timeZone={timeZone}
            onDone={setDone}
          />
        ) : (
          items.length > 0 && (
            <section className="panel failure-none">
              <Notice
                tone="calm"
                title={selected ? 'It is not here any more' : 'Choose an event'}
                text={
                  selected
                    ? 'Somebody has released it, or the address is not right.'
                    : 'Its reason, every attempt and what waits behind it are shown here.'
                }
              />
            </section>
          )
        )}
      </div>
    </Page>
  );
}

interface LetterListProps {
  readonly letters: readonly DeadLetter[];
  readonly selected: string | undefined;
  readonly timeZone: string;
}

function LetterList({ letters, selected, timeZone }: LetterListProps) {
  // Up and down go through the list, as in a mail program; Tab leaves it.
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a')];
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    const id = next?.dataset['letter'];
    if (!next || !id) return;
    event.preventDefault();
    next.focus();
    navigate(pathOf(id), 'replace');
  };
  return (
    <ul className="letters" onKeyDown={onKeyDown}>
      {letters.map((letter) => (
        <li key={letter.id}>
          <Link
            to={pathOf(letter.id)}
            className="letter"
            data-letter={letter.id}
            aria-current={letter.id === selected ? 'true' : undefined}
          >
            <span className="letter-main">
              <span className="letter-title">{typeInWords(letter.event.type)}</span>
              <span className="muted">
                <Ago at={letter.deadAt} timeZone={timeZone} />
              </span>
            </span>
            <span className="letter-reason">{letter.reason}</span>
            <span className="letter-foot">
              <span className="muted">
                {letter.topic} → {letter.group}
              </span>
              <span className="spacer" />
              {letter.waiting > 0 && <span className="badge badge-bad">{letter.waiting} waiting</span>}
              {!letter.holdsKey && <span className="badge">went on</span>}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
