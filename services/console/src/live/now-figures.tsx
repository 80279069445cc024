import { useQuery } from '@tanstack/react-query';
import { escalationQueries } from '../api/escalations.ts';
import type { Clinic } from '../api/types.ts';
import { useDesk } from '../escalations/desk.tsx';
import { Link } from '../parts/router.tsx';
import { useShell } from '../shell/shell-context.ts';
import { useCallsInProgress } from './use-calls-in-progress.ts';

/** The few numbers that one looks at in passing. */
export function NowFigures({ clinic }: { readonly clinic: Clinic }) {
  const { may } = useShell();
  const desk = useDesk();
  const calls = useCallsInProgress(clinic.id);
  const presence = useQuery({ ...escalationQueries.presence, enabled: desk.works });
  const callBacks = useQuery({
    ...escalationQueries.callBacks(clinic.id),
    enabled: may('call-backs:work'),
    select: (items) => items.filter(({ completedAt }) => !completedAt).length,
  });
  const figure = (value: number | undefined) => value ?? '–';
  return (
    <dl className="now">
      <div className="panel figure">
        <dt>Calls in progress</dt>
        <dd>{figure(calls.data?.length)}</dd>
      </div>
      {desk.works && (
        <div className={`panel figure ${desk.waiting.length > 0 ? 'figure-alarm' : ''}`}>
          <dt>Waiting for a person</dt>
          <dd>
            <Link to="/escalations">{desk.waiting.length}</Link>
          </dd>
        </div>
      )}
      {desk.works && (
        <div className="panel figure">
          <dt>Supervisors here</dt>
          <dd>{figure(presence.data?.length)}</dd>
        </div>
      )}
      {may('call-backs:work') && (
        <div className="panel figure">
          <dt>To call back</dt>
          <dd>
            <Link to="/escalations">{figure(callBacks.data)}</Link>
          </dd>
        </div>
      )}
    </dl>
  );
}
