import { useQuery } from '@tanstack/react-query';
import { queries } from './api/queries.ts';
import { Notice } from './parts/notice.tsx';
import { SignedIn } from './shell/shell.tsx';

export function App() {
  const me = useQuery(queries.me);
  if (me.isPending) return <div className="splash" aria-busy="true" />;
  if (me.data) return <SignedIn me={me.data} />;
  return (
    <div className="splash">
      <Notice
        tone="bad"
        title="Wardline cannot be reached"
        text={me.error?.message ?? ''}
        action={{ label: 'Try again', act: () => void me.refetch() }}
      />
    </div>
  );
}
