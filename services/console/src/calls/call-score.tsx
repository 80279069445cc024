import { useQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import { duration } from '../api/clinic-day.ts';
import type { Call, CallInsight } from '../api/types.ts';
import { clock } from '../parts/ago.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { scoreReasonInWords } from './score-words.ts';
import { type Party, partyOf } from './words.ts';

const isKnown = (value: number | null): value is number => value !== null && value >= 0;

/** The score of one call with its reasons, and the figures that it came from. */
export function CallScore({ call }: { readonly call: Call }) {
  const insight = useQuery(callQueries.insight(call.id));
  return (
    <Loaded
      query={insight}
      rows={2}
      isEmpty={(found) => found === null}
      empty={{ title: 'Not counted yet', text: 'Figures follow a moment after a call has ended.' }}
    >
      {(found) => found && <Figures insight={found} party={partyOf(call)} />}
    </Loaded>
  );
}

function Figures({ insight, party }: { readonly insight: CallInsight; readonly party: Party }) {
  const { score } = insight;
  const figures: readonly (readonly [string, string | undefined])[] = [
    ['Talked', clock(insight.talkSeconds)],
    ['Turns', String(insight.turns)],
    ['Not understood', String(insight.notUnderstood)],
    ['Interruptions', String(insight.interruptions)],
    ['Answer, typically', insight.responseMsP50 > 0 ? duration(insight.responseMsP50) : undefined],
    ['Answer, slowest', insight.responseMsMax > 0 ? duration(insight.responseMsMax) : undefined],
    ['Until a person', isKnown(insight.timeToHumanSeconds) ? clock(insight.timeToHumanSeconds) : undefined],
  ];
  return (
    <>
      {isKnown(score) ? (
        <p className="score">
          <span className="score-number">
            {score}
            <span className="score-of"> of 100</span>
          </span>
          <span className="score-bar" aria-hidden="true">
            <span style={{ width: `${score}%` }} />
          </span>
        </p>
      ) : (
        <p className="muted">This call has no score.</p>
      )}
      {insight.scoreReasons.length > 0 && (
        <ul className="score-reasons">
          {insight.scoreReasons.map((reason) => (
            <li key={reason}>{scoreReasonInWords(reason, party)}</li>
          ))}
        </ul>
      )}
      <dl className="facts small-facts">
        {figures.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name} className="fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  );
}
