import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Notice } from './notice.tsx';

interface PanelProps<T> {
  readonly title: string;
  readonly query: UseQueryResult<readonly T[]>;
  readonly empty: { readonly title: string; readonly text: string };
  readonly children: (items: readonly T[]) => ReactNode;
  readonly className?: string;
  /** One sentence on what this is. */
  readonly lead?: string;
  /** What can be added here. */
  readonly action?: { readonly label: string; readonly act: () => void };
  /** Shown whatever the list's state is: its dialogs. */
  readonly extra?: ReactNode;
}

/** A titled list with its count, and the same loading, empty and error states everywhere. */
export function Panel<T>(props: PanelProps<T>) {
  const { title, query, empty, children, className, lead, action, extra } = props;
  const heading = useId();
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {query.data && query.data.length > 0 && <span className="count">{query.data.length}</span>}
        {action && (
          <>
            <span className="spacer" />
            <button type="button" className="button button-small" onClick={action.act}>
              {action.label}
            </button>
          </>
        )}
      </header>
      {lead && <p className="panel-lead muted">{lead}</p>}
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
      {extra}
    </section>
  );
}
