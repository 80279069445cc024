import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { escalationQueries, escalations } from '../api/escalations.ts';
import type { CallBack } from '../api/types.ts';
import { Ago } from '../parts/ago.tsx';
import { Badge } from '../parts/badge.tsx';
import { Panel } from '../parts/panel.tsx';
import { numberOrWithheld } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { reasonInWords } from './words.ts';

/** Open ones first, the longest waiting on top; then the latest done. */
function ordered(items: readonly CallBack[]): readonly CallBack[] {
  const open = items.filter(({ completedAt }) => !completedAt);
  const done = items.filter(({ completedAt }) => completedAt);
  return [
    ...open.toSorted((a, b) => (a.requestedAt ?? '').localeCompare(b.requestedAt ?? '')),
    ...done.toSorted((a, b) => (b.completedAt ?? '').localeCompare(a.completedAt ?? '')).slice(0, 10),
  ];
}

export function CallBacks() {
  const { clinic } = useShell();
  const callBacks = useQuery({ ...escalationQueries.callBacks(clinic.id), select: ordered });
  return (
    <Panel
      title="To call back"
      query={callBacks}
      empty={{
        title: 'Nobody to call back',
        text: 'Whoever asked for a person when nobody was free, or for what the assistant cannot do, is listed here.',
      }}
    >
      {(items) => (
        <ul className="rows">
          {items.map((entry) => (
            <CallBackRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function CallBackRow({ entry }: { readonly entry: CallBack }) {
  const { clinic } = useShell();
  const client = useQueryClient();
  const number = numberOrWithheld(entry.callerNumber);
  const done = useMutation({
    mutationFn: () => escalations.callBackDone(entry.id),
    onSuccess: () => toast.done(`${number} is ticked off.`),
    onError: (error) => toast.failed('Could not be ticked off', error),
    onSettled: () => client.invalidateQueries({ queryKey: ['call-backs'] }),
  });
  return (
    <li className={`row call-back ${entry.completedAt ? 'is-done' : ''}`}>
      <span className="row-main">
        <Link to={`/calls/${entry.call}`} className="call-back-number">
          {number}
        </Link>
        {entry.note && <q className="row-note">{entry.note}</q>}
        <span className="row-sub">
          {entry.completedAt
            ? `Done by ${entry.completedByName ?? 'somebody'}, ${dateIn(clinic.timeZone, entry.completedAt)} ${timeIn(clinic.timeZone, entry.completedAt)}`
            : entry.requestedAt && <Ago at={entry.requestedAt} timeZone={clinic.timeZone} />}
        </span>
      </span>
      <Badge>{reasonInWords(entry.reason)}</Badge>
      {!entry.completedAt && (
        <Button
          variant="default"
          size="xs"
          loading={done.isPending}
          leftSection={<IconCheck size={16} aria-hidden="true" />}
          aria-label={`Done: ${number} is called back`}
          onClick={() => done.mutate()}
        >
          Done
        </Button>
      )}
    </li>
  );
}
