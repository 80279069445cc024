import { useQuery } from '@tanstack/react-query';
import { escalationQueries } from '../api/escalations.ts';
import type { Escalation } from '../api/types.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/panel.tsx';
import { numberOrWithheld } from '../parts/phone.tsx';
import { Link } from '../parts/router.tsx';
import { useShell } from '../shell/shell-context.ts';
import { AcceptOrDecline } from './accept-or-decline.tsx';
import { useDesk } from './desk.tsx';
import { Standing } from './standing.tsx';
import { isWaiting, partyOn, reasonInWords } from './words.ts';

/** A live message tells of each change; this is for one that got lost. While a telephone rings, each second counts. */
const refetchMs = 5_000;
const ringingRefetchMs = 2_000;

/** One call that needs a person: who, why, what is known; before it is taken, and after. */
export function EscalationDetail({ id }: { readonly id: string }) {
  const { open } = useDesk();
  const escalation = useQuery({
    ...escalationQueries.one(id),
    placeholderData: () => open.data?.find((item) => item.id === id),
    refetchInterval: ({ state: { data } }) =>
      data?.endedAt ? false : data?.state === 'accepted' ? ringingRefetchMs : refetchMs,
  });
  return (
    <Section title="Briefing" className="briefing-panel">
      <Loaded query={escalation} rows={5}>
        {(item) => <InFull item={item} />}
      </Loaded>
    </Section>
  );
}

function InFull({ item }: { readonly item: Escalation }) {
  const { clinics } = useShell();
  const { briefing } = item;
  const number = numberOrWithheld(item.callerNumber);
  const clinic = clinics.length > 1 ? clinics.find(({ id }) => id === item.clinic)?.name : undefined;
  return (
    <>
      <header className="briefing-head">
        <div className="briefing-who">
          <h3>{briefing?.patientName || number}</h3>
          <p className="figures">
            {briefing?.patientName && number}
            {clinic && <span className="muted"> {clinic}</span>}
          </p>
        </div>
        <Badge tone="warn">{reasonInWords(item.reason)}</Badge>
        {item.campaign && <Badge tone="accent">Campaign</Badge>}
        <span className="spacer" />
        <Link to={`/calls/${item.call}`} className="panel-link">
          The whole call
        </Link>
      </header>
      {isWaiting(item) ? <AcceptOrDecline item={item} /> : <Standing item={item} />}
      {briefing?.summary && <p className="briefing-summary">{briefing.summary}</p>}
      {briefing && briefing.details.length > 0 && (
        <dl className="facts briefing-details">
          {briefing.details.map(({ label, value }) => (
            <div key={label} className="fact">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {briefing && briefing.lines.length > 0 && (
        <>
          <h4 className="briefing-said">What was said so far</h4>
          <ol className="briefing-lines">
            {briefing.lines.map(({ agent, text }, index) => (
              <li key={index}>
                <span className={`speaker ${agent ? 'speaker-agent' : 'speaker-caller'}`}>
                  {agent ? 'Assistant' : partyOn(item)}
                </span>
                {text}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}
