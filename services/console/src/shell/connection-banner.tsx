import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useShell } from './shell-context.ts';

/** A connection that comes back within this long was never missed. */
const patienceMs = 1_500;

/** Says that what is shown may be old, until it is not any more. */
export function ConnectionBanner() {
  const { feed } = useShell();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (feed !== 'lost') return setShown(false);
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [feed]);
  return (
    <div role="alert" className={shown ? 'connection-banner' : undefined}>
      {shown && (
        <>
          <IconPlugConnectedX size={20} aria-hidden="true" />
          <strong>Connection lost.</strong> What you see may be old. Reconnecting…
        </>
      )}
    </div>
  );
}
