import type { ReactNode } from 'react';
import { Notice } from './notice.tsx';

/** What is needed of a query: useQuery and useInfiniteQuery both have it. */
interface Loading<T> {
  readonly data: T | undefined;
  readonly isError: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface LoadedProps<T> {
  readonly query: Loading<T>;
  /** How many grey rows stand where the answer will be. */
  readonly rows?: number;
  /** Shown instead of the children when `isEmpty` says so. */
  readonly empty?: { readonly title: string; readonly text: ReactNode };
  readonly isEmpty?: (data: T) => boolean;
  readonly children: (data: T) => ReactNode;
}

const hasNothing = (data: unknown) => Array.isArray(data) && data.length === 0;

/**
 * The one way to show what is asked of the server: waiting, failed with a way to try again, empty, or there. Data that is
 * there stays when a later refresh fails: the connection state in the bar says that it may be old.
 */
export function Loaded<T>({ query, rows = 3, empty, isEmpty = hasNothing, children }: LoadedProps<T>) {
  if (query.data !== undefined)
    return empty && isEmpty(query.data) ? <Notice tone="calm" {...empty} /> : children(query.data);
  if (query.isError)
    return (
      <Notice
        tone="bad"
        title="Could not be loaded"
        text={query.error?.message ?? ''}
        action={{ label: 'Try again', act: () => void query.refetch() }}
      />
    );
  return <Skeleton rows={rows} />;
}

export function Skeleton({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div className="skeleton-rows" role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton" />
      ))}
    </div>
  );
}
