import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Notice } from './notice.tsx';

interface PanelProps<T> {
  readonly title: string;
  readonly query: UseQueryResult<readonly T[]>;
  readonly empty: { readonly title: string; readonly text: string };
  readonly children: (items: readonly T[]) => ReactNode;
  readonly className?: string;
}

/** A titled list with its count, and the same loading, empty and error states everywhere. */
export function Panel<T>({ title, query, empty, children, className }: PanelProps<T>) {
  const heading = useId();
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {query.data && query.data.length > 0 && <span className="count">{query.data.length}</span>}
      </header>
      {query.data === undefined && query.isError ? (
        <Notice
          tone="bad"
          title="Could not be loaded"
          text={query.error.message}
          action={{ label: 'Try again', act: () => void query.refetch() }}
        />
      ) : query.data === undefined ? (
        <div className="skeleton" aria-busy="true" aria-label="Loading" />
      ) : query.data.length === 0 ? (
        <Notice tone="calm" {...empty} />
      ) : (
        children(query.data)
      )}
    </section>
  );
}
