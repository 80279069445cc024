import { IconMessage } from '@tabler/icons-react';
import type { Flow } from '../api/campaign-types.ts';
import { Badge } from '../parts/badge.tsx';
import { Notice } from '../parts/notice.tsx';
import { needInWords } from './words.ts';

interface FlowChoiceProps {
  readonly flows: readonly Flow[];
  readonly value: string;
  readonly onChange: (flow: string) => void;
}

const languages = new Intl.DisplayNames('en', { type: 'language' });

/** Which script the calls follow, and what it must know of each patient. */
export function FlowChoice({ flows, value, onChange }: FlowChoiceProps) {
  if (flows.length === 0)
    return (
      <Notice
        tone="bad"
        title="There is no script"
        text="Somebody has to make one before a campaign can call."
      />
    );
  return (
    <fieldset>
      <legend>Script</legend>
      <div className="flows">
        {flows.map((flow) => (
          <label key={flow.id} className="flow">
            <input
              type="radio"
              name="flow"
              value={flow.id}
              checked={flow.id === value}
              onChange={() => onChange(flow.id)}
            />
            <span className="flow-text">
              <span className="flow-title">
                {flow.title}
                {!flow.readyMade && <Badge tone="accent">Your own</Badge>}
              </span>
              <span className="flow-sub">
                {flow.needs.length > 0
                  ? `Needs ${[...new Set(flow.needs.map(needInWords))].join(', ')}.`
                  : 'Needs nothing but a number.'}
              </span>
              <span className="flow-sub">
                {flow.languages.map((tag) => languages.of(tag) ?? tag).join(', ')} · version {flow.version}
                {flow.leavesVoicemail && (
                  <>
                    {' · '}
                    <IconMessage size={15} aria-hidden="true" /> leaves a message on a machine
                  </>
                )}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
