import { Button } from '@mantine/core';
import { IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CampaignWithImports, DryRun } from '../api/campaign-types.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/panel.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { navigate } from '../parts/router.tsx';
import { useShell } from '../shell/shell-context.ts';
import { useChange } from './campaign-actions.tsx';
import { inDigits, people, reasonInWords, windowInWords } from './words.ts';

/** What would happen if it were started now; then the start itself, which asks. */
export function CheckStep({ campaign }: { readonly campaign: CampaignWithImports }) {
  const { may } = useShell();
  const { id, progress, settings } = campaign;
  const plan = useQuery({ ...campaignQueries.dryRun(id), enabled: progress.recipients > 0 });
  const [asking, setAsking] = useState(false);
  const start = useChange(campaign);
  if (progress.recipients === 0)
    return (
      <Notice
        tone="calm"
        title="Nobody is on the list yet"
        text="There is nothing to check before somebody is."
        {...(may('campaigns:write')
          ? { action: { label: 'Upload a file', act: () => navigate(`/campaigns/${id}/recipients`) } }
          : {})}
      />
    );
  return (
    <div className="column">
      <Section
        title="If it were started now"
        lead="Nobody is called by this. It is looked at again whenever this page is opened."
        actions={
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={16} aria-hidden="true" />}
            loading={plan.isFetching}
            onClick={() => void plan.refetch()}
          >
            Look again
          </Button>
        }
      >
        <Loaded query={plan} rows={4}>
          {(found) => <Plan plan={found} />}
        </Loaded>
      </Section>
      {plan.data && <PlannedCalls plan={plan.data} />}
      <div className="form-end">
        {may('campaigns:run') ? (
          <Button
            size="md"
            leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
            disabled={!plan.data || plan.data.callable === 0}
            onClick={() => {
              start.reset();
              setAsking(true);
            }}
          >
            Start calling
          </Button>
        ) : (
          <p className="muted">Managers start campaigns.</p>
        )}
      </div>
      {asking && plan.data && (
        <Confirm
          title={`Start “${settings.name}”?`}
          text={
            <>
              <p>
                Wardline will call <strong>{people(plan.data.callable)}</strong>, up to{' '}
                {settings.callsAtOnceMax} at once, {windowInWords(settings)} in their local time.
              </p>
              <p>You can pause it at any time.</p>
            </>
          }
          action="Start calling"
          tone="primary"
          busy={start.isPending}
          error={start.error}
          onConfirm={() =>
            start.mutate('start', { onSuccess: () => navigate(`/campaigns/${id}`, 'replace') })
          }
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Plan({ plan }: { readonly plan: DryRun }) {
  const { clinic } = useShell();
  const { timeZone } = clinic;
  const moment = (at: string | null) => (at ? `${dateIn(timeZone, at)}, ${timeIn(timeZone, at)}` : '–');
  return (
    <>
      <dl className="report">
        <div className="figure report-good">
          <dt>Would be called</dt>
          <dd>{inDigits(plan.callable)}</dd>
        </div>
        <div className={`figure ${plan.notCallable > 0 ? 'report-bad' : ''}`}>
          <dt>Would not</dt>
          <dd>{inDigits(plan.notCallable)}</dd>
        </div>
        <div className="figure figure-text">
          <dt>First call</dt>
          <dd>{moment(plan.firstCallAt)}</dd>
        </div>
        <div className="figure figure-text">
          <dt>Everybody called once by</dt>
          <dd>{moment(plan.lastCallAt)}</dd>
        </div>
      </dl>
      {plan.reasons.length > 0 && (
        <ul className="reasons">
          {plan.reasons.map(({ reason, count }) => (
            <li key={reason}>
              <strong>{inDigits(count)}</strong> {reasonInWords(reason)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function PlannedCalls({ plan }: { readonly plan: DryRun }) {
  return (
    <Section
      title="Who, and when"
      lead={
        plan.callable + plan.notCallable > plan.sample.length
          ? `The first ${plan.sample.length} of the list. Times are those of the called person.`
          : 'Times are those of the called person.'
      }
    >
      <div className="table-box" tabIndex={0} role="region" aria-label="Planned calls">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Number</th>
              <th scope="col">First call</th>
              <th scope="col">Time zone</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {plan.sample.map((person) => (
              <tr key={person.recipient}>
                <td>{person.name}</td>
                <td className="figures nowrap">{readableNumber(person.number)}</td>
                <td className="figures nowrap">
                  {person.callAt
                    ? `${dateIn(person.timeZone, person.callAt)}, ${timeIn(person.timeZone, person.callAt)}`
                    : 'Never'}
                </td>
                <td className="muted">{person.timeZone}</td>
                <td>{person.reason ? reasonInWords(person.reason) : 'At once'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
