import { useQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import type { Call } from '../api/types.ts';
import { Elapsed } from '../parts/ago.tsx';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/panel.tsx';
import { numberOrWithheld } from '../parts/phone.tsx';
import { usePartial } from '../live/partials.ts';
import { useShell } from '../shell/shell-context.ts';
import { CallScore } from './call-score.tsx';
import { CallTimeline } from './call-timeline.tsx';
import { Transcript } from './transcript.tsx';
import { callInWords, isOver, partyOf, tone } from './words.ts';

const parent = { to: '/calls', label: 'Calls' } as const;

/** One call: what happened, what was said, how well it went. While it goes on, as it goes on. */
export function CallPage({ id }: { readonly id: string }) {
  const call = useQuery(callQueries.one(id));
  if (!call.data)
    return (
      <Page title="Call" parent={parent}>
        <Loaded query={call} rows={6}>
          {() => null}
        </Loaded>
      </Page>
    );
  return <CallInFull call={call.data} />;
}

function CallInFull({ call }: { readonly call: Call }) {
  const { may } = useShell();
  const over = isOver(call.state);
  const number = numberOrWithheld(call.callerNumber);
  return (
    <Page
      title={call.direction === 'outbound' ? `Call to ${number}` : `Call from ${number}`}
      parent={parent}
      actions={
        <>
          {call.campaign && <Badge tone="accent">Campaign</Badge>}
          <Badge tone={tone(call)}>{callInWords(call)}</Badge>
          {!over && call.initiatedAt && <Elapsed since={call.initiatedAt} />}
        </>
      }
    >
      <div className="call-page">
        <div className="column">{may('transcripts:read') ? <Said call={call} /> : <NotYours />}</div>
        <div className="column">
          <Section title="What happened">
            <CallTimeline call={call} />
          </Section>
          {over && may('insights:read') && (
            <Section title="How it went">
              <CallScore call={call} />
            </Section>
          )}
        </div>
      </div>
    </Page>
  );
}

function Said({ call }: { readonly call: Call }) {
  const { clinic } = useShell();
  const transcript = useQuery(callQueries.transcript(call.id));
  const partial = usePartial(call.id);
  return (
    <Section title="What was said">
      <Loaded
        query={transcript}
        rows={5}
        isEmpty={(lines) => lines.length === 0 && !partial}
        empty={{
          title: 'Nothing was said',
          text: isOver(call.state) ? 'The call ended before anybody spoke.' : 'What is said appears here.',
        }}
      >
        {(lines) => (
          <Transcript
            lines={lines}
            party={partyOf(call)}
            partial={partial}
            timeZone={clinic.timeZone}
            whole
          />
        )}
      </Loaded>
    </Section>
  );
}

function NotYours() {
  return (
    <Section title="What was said">
      <p className="muted">Your role sees that there was a call, not what was said in it.</p>
    </Section>
  );
}
