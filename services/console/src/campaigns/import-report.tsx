import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Import } from '../api/campaign-types.ts';
import { Section } from '../parts/panel.tsx';
import { RefusedRows } from './refused-rows.tsx';
import { inDigits } from './words.ts';

/** What came of a file that was uploaded just now. */
export function ImportReport({ done, onAnother }: { readonly done: Import; readonly onAnother: () => void }) {
  return (
    <Section
      title={`${done.fileName || 'The file'} has been read`}
      actions={
        <Button variant="default" size="xs" onClick={onAnother}>
          Another file
        </Button>
      }
    >
      <div role="status">
        <dl className="report">
          <Outcome name="Accepted" tone="good" count={done.accepted} text="on the list now" />
          <Outcome
            name="Refused"
            tone={done.refused > 0 ? 'bad' : 'plain'}
            count={done.refused}
            text="cannot be called like this"
          />
          <Outcome name="Repeated" tone="plain" count={done.repeated} text="on the list already" />
        </dl>
      </div>
      {done.refused > 0 && <RefusedRows of={done} />}
    </Section>
  );
}

function Outcome(props: {
  readonly name: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly count: number;
  readonly text: string;
}) {
  return (
    <div className={`figure report-${props.tone}`}>
      <dt>{props.name}</dt>
      <dd>
        {inDigits(props.count)} <span className="report-text">{props.text}</span>
      </dd>
    </div>
  );
}

/** Refused rows behind a button, for a list of imports. */
export function RefusedOnDemand({ of }: { readonly of: Import }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button button-small"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide refused rows' : `Show ${inDigits(of.refused)} refused`}
      </button>
      {open && <RefusedRows of={of} />}
    </>
  );
}
