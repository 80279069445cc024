import {
  IconBell,
  IconCalendarCheck,
  IconHeadset,
  type Icon,
  IconMessage,
  IconPhoneCall,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
} from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callQueries } from '../api/calls.ts';
import { dateIn, instantIn, timeIn } from '../api/clinic-day.ts';
import { escalationQueries } from '../api/escalations.ts';
import type { Appointment, Call, Escalation, Message } from '../api/types.ts';
import { reasonInWords } from '../escalations/words.ts';
import type { Tone } from '../parts/tone.ts';
import { useShell } from '../shell/shell-context.ts';
import { callInWords, endingInWords, isOver, tone } from './words.ts';

interface Entry {
  readonly key: string;
  /** Null: it came of the call, and when is not known. */
  readonly at: string | null;
  readonly icon: Icon;
  readonly tone?: Tone;
  readonly main: string;
  readonly sub?: ReactNode;
}

/** What happened in and after one call, in order. */
export function CallTimeline({ call }: { readonly call: Call }) {
  const { clinics, clinic, may } = useShell();
  const { timeZone } = clinics.find(({ id }) => id === call.clinic) ?? clinic;
  const appointments = useQuery({ ...callQueries.appointments(call), enabled: may('appointments:read') });
  const messages = useQueries({
    queries: (may('messages:read') ? (appointments.data ?? []) : []).map(({ id }) =>
      callQueries.messages(call.clinic, id),
    ),
    combine: (found) => found.flatMap(({ data }) => data ?? []),
  });
  const escalated = useQuery({
    ...escalationQueries.ofCall(call.id),
    enabled: may('escalations:work'),
  });
  const entries = [
    ...ofCall(call),
    ...(escalated.data ?? []).flatMap(ofEscalation),
    ...(appointments.data ?? []).map((appointment) => ofAppointment(appointment)),
    ...messages.map(ofMessage),
  ].toSorted((a, b) => (a.at ?? '9').localeCompare(b.at ?? '9'));
  return (
    <ol className="timeline">
      {entries.map(({ key, at, icon: EntryIcon, tone: colour = 'plain', main, sub }) => (
        <li key={key} className={`timeline-${colour}`}>
          <span className="timeline-dot">
            <EntryIcon size={15} aria-hidden="true" />
          </span>
          <span>
            <span className="timeline-main">{main}</span>
            {sub && <span className="timeline-sub">{sub}</span>}
          </span>
          {at && (
            <time dateTime={at} title={instantIn(timeZone, at)}>
              {timeIn(timeZone, at)}
            </time>
          )}
        </li>
      ))}
    </ol>
  );
}

function ofCall(call: Call): Entry[] {
  const outbound = call.direction === 'outbound';
  const entries: Entry[] = [
    {
      key: 'initiated',
      at: call.initiatedAt,
      icon: outbound ? IconPhoneOutgoing : IconPhoneIncoming,
      main: outbound ? 'Wardline called' : 'The call came in',
    },
  ];
  if (call.answeredAt)
    entries.push({
      key: 'answered',
      at: call.answeredAt,
      icon: IconPhoneCall,
      tone: 'good',
      main: 'Answered',
    });
  if (call.endedAt && isOver(call.state))
    entries.push({
      key: 'ended',
      at: call.endedAt,
      icon: IconPhoneOff,
      tone: tone(call),
      main: callInWords(call),
      ...(call.endReason ? { sub: endingInWords(call.endReason) } : {}),
    });
  return entries;
}

function ofEscalation(item: Escalation): Entry[] {
  const entries: Entry[] = [
    {
      key: `${item.id} asked`,
      at: item.requestedAt,
      icon: IconBell,
      tone: 'warn',
      main: 'A person was asked for',
      sub: reasonInWords(item.reason),
    },
  ];
  if (item.acceptedAt)
    entries.push({
      key: `${item.id} taken`,
      at: item.acceptedAt,
      icon: IconHeadset,
      tone: 'good',
      main: item.acceptedByName ? `${item.acceptedByName} took it` : 'It was taken',
    });
  if (item.connectedAt)
    entries.push({
      key: `${item.id} connected`,
      at: item.connectedAt,
      icon: IconHeadset,
      tone: 'good',
      main: 'Connected with a person',
    });
  return entries;
}

const ofAppointment = (a: Appointment): Entry => ({
  key: a.id,
  at: null,
  icon: IconCalendarCheck,
  tone: a.status === 'cancelled' ? 'warn' : 'good',
  main: `Appointment with ${a.doctorName}`,
  sub: `${dateIn(a.timeZone, a.start)}, ${timeIn(a.timeZone, a.start)} · ${a.patient.name} · ${a.status}`,
});

const ofMessage = (m: Message): Entry => ({
  key: m.id,
  at: m.sentAt ?? m.createdAt,
  icon: IconMessage,
  tone: m.status === 'failed' ? 'bad' : 'plain',
  main: m.status === 'failed' ? 'A message could not be sent' : 'A message was sent',
  sub: m.text,
});
