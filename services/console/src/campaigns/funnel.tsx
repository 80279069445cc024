import { useQuery } from '@tanstack/react-query';
import type { CampaignInsight } from '../api/campaign-types.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { clock } from '../parts/ago.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { inDigits } from './words.ts';

interface FunnelProps {
  readonly id: string;
  readonly running: boolean;
  /** Of the campaign itself, which knows it before anything is counted. */
  readonly recipients: number;
}

interface Stage {
  readonly name: string;
  readonly count: number;
  /** Who counts, where the name alone would leave it open. */
  readonly note?: string;
}

/**
 * Of all who are on the list: who was called, who answered, who said what they want. The last is more than the results that are
 * called "Decided": whoever wants a person, a call-back or no more calls has said so, too.
 */
export function Funnel({ id, running, recipients }: FunnelProps) {
  const insight = useQuery(campaignQueries.insight(id, running));
  return (
    <Loaded
      query={insight}
      isEmpty={(found) => found === null}
      empty={{ title: 'Not counted yet', text: 'Figures follow a moment after the first calls.' }}
    >
      {(found) => found && <Stages insight={found} recipients={Math.max(recipients, found.recipients)} />}
    </Loaded>
  );
}

function Stages({ insight, recipients }: { readonly insight: CampaignInsight; readonly recipients: number }) {
  const stages: readonly Stage[] = [
    { name: 'On the list', count: recipients },
    { name: 'Called', count: insight.called },
    { name: 'Answered', count: insight.answered, note: 'by somebody, not by a machine' },
    {
      name: 'Said what they want',
      count: insight.decided,
      note: 'decided, given to a person, to be called back, or want no more calls',
    },
  ];
  const share = (count: number) => (recipients > 0 ? Math.round((100 * count) / recipients) : 0);
  return (
    <>
      <ol className="funnel">
        {stages.map(({ name, count, note }) => (
          <li key={name}>
            <span>{name}</span>
            <span className="funnel-line" aria-hidden="true">
              <span style={{ width: `${share(count)}%` }} />
            </span>
            <span className="funnel-count">
              <strong>{inDigits(count)}</strong> <span className="muted">{share(count)} %</span>
            </span>
            {note && <span className="funnel-note muted">{note}</span>}
          </li>
        ))}
      </ol>
      <dl className="facts small-facts">
        <div className="fact">
          <dt>Calls answered</dt>
          <dd>
            {inDigits(insight.callsAnswered)} of {inDigits(insight.calls)}
          </dd>
        </div>
        <div className="fact">
          <dt>Talked, in all</dt>
          <dd>{clock(insight.talkSeconds)}</dd>
        </div>
        {insight.scoreMean !== null && (
          <div className="fact">
            <dt>Score, mean</dt>
            <dd>{insight.scoreMean} of 100</dd>
          </div>
        )}
      </dl>
    </>
  );
}
