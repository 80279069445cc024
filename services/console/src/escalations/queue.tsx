import type { KeyboardEvent } from 'react';
import type { Escalation } from '../api/types.ts';
import { clock, useNow } from '../parts/ago.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/panel.tsx';
import { numberOrWithheld } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';
import { useDesk } from './desk.tsx';
import { reasonInWords, standingOf } from './words.ts';

const fewSeconds = 10;

/** Who waits for a person, the longest on top, with the time that has gone and the time that is left. */
export function Queue({ shown }: { readonly shown: string | undefined }) {
  const { open, waiting, mine } = useDesk();
  const items = mine ? [mine, ...waiting] : waiting;
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const links = [...event.currentTarget.querySelectorAll('a')];
    const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };
  return (
    <Section title="Waiting for a person" count={waiting.length} className="queue-panel">
      <Loaded
        query={{ ...open, data: open.data && items }}
        rows={2}
        empty={{ title: 'Nobody is waiting', text: 'A call appears here the moment somebody is needed.' }}
      >
        {(list) => (
          <ul className="queue" onKeyDown={onKeyDown}>
            {list.map((item) => (
              <li key={item.id}>
                <QueueEntry item={item} isShown={item.id === shown} isMine={item === mine} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

interface QueueEntryProps {
  readonly item: Escalation;
  readonly isShown: boolean;
  readonly isMine: boolean;
}

function QueueEntry({ item, isShown, isMine }: QueueEntryProps) {
  const now = useNow(1_000);
  const waited = item.requestedAt ? (now - Date.parse(item.requestedAt)) / 1_000 : 0;
  const left = item.expiresAt ? Math.max(0, (Date.parse(item.expiresAt) - now) / 1_000) : undefined;
  const whole =
    item.expiresAt && item.offeredAt ? (Date.parse(item.expiresAt) - Date.parse(item.offeredAt)) / 1_000 : 0;
  return (
    <Link
      to={`/escalations/${item.id}`}
      className={`queue-entry ${isMine ? 'is-mine' : ''}`}
      aria-current={isShown ? 'true' : undefined}
    >
      <span className="queue-who">
        <span className="queue-name">
          {item.briefing?.patientName || numberOrWithheld(item.callerNumber)}
        </span>
        <span className="muted">{isMine ? standingOf(item.state).words : reasonInWords(item.reason)}</span>
      </span>
      <span className="queue-time">
        <span className="queue-waited figures">{clock(waited)}</span>
        {!isMine && left !== undefined && <span className="muted figures">{Math.ceil(left)} s left</span>}
      </span>
      {!isMine && left !== undefined && whole > 0 && (
        <span className={`queue-left ${left <= fewSeconds ? 'is-short' : ''}`} aria-hidden="true">
          <span style={{ width: `${Math.min(100, (left / whole) * 100)}%` }} />
        </span>
      )}
    </Link>
  );
}
