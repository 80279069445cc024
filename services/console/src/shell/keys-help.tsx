import { Switch } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { keysAreOn, setKeysOn } from './keys.ts';
import { pages } from './pages.ts';
import { useShell } from './shell-context.ts';

const others: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Go to a page, a call, a campaign'],
  ['/', 'The same'],
  ['?', 'This list'],
  ['A', 'Escalations: accept the chosen call'],
  ['D', 'Escalations: decline it'],
  ['P N', 'Appointments: the days before, after'],
  ['T', 'Appointments: today'],
  ['D W', 'Appointments: a day, a week'],
  ['↑ ↓', 'Lists: the one before, the one after'],
];

export default function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const { may } = useShell();
  const [on, setOn] = useState(keysAreOn);
  const own = pages
    .filter(({ permissions }) => permissions.some(may))
    .map(({ key, label }) => [`G ${key.toUpperCase()}`, label] as const);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="keys">
        {[own, others].map((list, index) => (
          <dl key={index}>
            {list.map(([keys, what]) => (
              <div key={keys} className="keys-row">
                <dt>
                  {keys.split(' ').map((key) => (
                    <span key={key} className="kbd">
                      {key}
                    </span>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        ))}
      </div>
      <Switch
        label="Single keys do something"
        description="Off, when speech input presses keys by accident. Ctrl K stays."
        checked={on}
        onChange={(event) => {
          setKeysOn(event.currentTarget.checked);
          setOn(event.currentTarget.checked);
        }}
      />
    </Dialog>
  );
}
