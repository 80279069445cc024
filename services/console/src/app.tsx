import { useQuery } from '@tanstack/react-query';
import { ApiError } from './api/client.ts';
import { queries } from './api/queries.ts';
import { Console } from './shell/console.tsx';
import { Notice } from './shell/notice.tsx';
import { SignIn } from './shell/sign-in.tsx';

export function App() {
  const session = useQuery(queries.session);
  if (session.isPending) return <div className="splash" aria-busy="true" />;
  if (session.data) return <Console session={session.data} />;
  if (session.error instanceof ApiError && session.error.status === 401) return <SignIn />;
  return (
    <div className="splash">
      <Notice
        tone="bad"
        title="Wardline cannot be reached"
        text={session.error?.message ?? ''}
        action={{ label: 'Try again', act: () => void session.refetch() }}
      />
    </div>
  );
}
