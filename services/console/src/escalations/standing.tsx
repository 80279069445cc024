import { IconCircleCheck, IconPhoneCall, IconPhoneOff, IconUserCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Escalation } from '../api/types.ts';
import { Elapsed } from '../parts/ago.tsx';
import { numberOrWithheld, readableNumber } from '../parts/phone.tsx';
import { useShell } from '../shell/shell-context.ts';
import { partyOn } from './words.ts';

/** How a call stands that does not wait any more: whose it is, or why nobody's. */
export function Standing({ item }: { readonly item: Escalation }) {
  const { me } = useShell();
  const isMine = item.acceptedByUser === me.user.id;
  const name = item.acceptedByName ?? 'Somebody';
  const party = partyOn(item).toLowerCase();
  const patient = item.briefing?.patientName || 'the patient';
  switch (item.state) {
    case 'accepted':
      return isMine ? (
        <Ringing item={item} />
      ) : (
        <Line tone="plain" icon={<IconUserCheck size={26} />} title={`${name} has taken it`}>
          Their telephone rings.
        </Line>
      );
    case 'connected':
      if (!isMine)
        return (
          <Line tone="plain" icon={<IconUserCheck size={26} />} title={`${name} has taken it`}>
            {item.endedAt ? 'They have talked.' : 'They are talking.'}
          </Line>
        );
      return (
        <Line
          tone="good"
          icon={item.endedAt ? <IconCircleCheck size={26} /> : <IconPhoneCall size={26} />}
          title={item.endedAt ? `You have talked with ${patient}` : `You are connected with ${patient}`}
        >
          {item.connectedAt && <Elapsed since={item.connectedAt} until={item.endedAt} />}
        </Line>
      );
    case 'abandoned':
      return (
        <Line tone="plain" icon={<IconPhoneOff size={26} />} title={`The ${party} has hung up`}>
          {numberOrWithheld(item.callerNumber)}
        </Line>
      );
    case 'declined':
      return (
        <Line tone="warn" icon={<IconPhoneOff size={26} />} title="Everybody declined">
          The {party} is put through to the reception, or called back.
        </Line>
      );
    case 'timed-out':
      return (
        <Line
          tone="warn"
          icon={<IconPhoneOff size={26} />}
          title={isMine ? 'You did not pick up' : 'Nobody took it in time'}
        >
          The {party} is put through to the reception, or called back.
        </Line>
      );
    case 'requested':
    case 'offered':
      return null;
    default:
      item.state satisfies never;
      return null;
  }
}

function Ringing({ item }: { readonly item: Escalation }) {
  const { me } = useShell();
  const number = me.user.phone;
  return (
    <Line
      tone="warn"
      rings
      icon={<IconPhoneCall size={30} />}
      title={number ? `Your telephone rings: ${readableNumber(number)}` : 'Your telephone rings'}
    >
      Pick up, and you are connected with {item.briefing?.patientName || 'the patient'}.
    </Line>
  );
}

interface LineProps {
  readonly tone: 'plain' | 'good' | 'warn';
  readonly icon: ReactNode;
  readonly title: string;
  readonly rings?: boolean;
  readonly children: ReactNode;
}

function Line({ tone, icon, title, rings = false, children }: LineProps) {
  return (
    <div className={`standing standing-${tone} ${rings ? 'is-ringing' : ''}`} role="status">
      <span className="standing-icon" aria-hidden="true">
        {icon}
      </span>
      <p>
        <strong className="standing-title">{title}</strong>
        <span className="standing-text">{children}</span>
      </p>
    </div>
  );
}
