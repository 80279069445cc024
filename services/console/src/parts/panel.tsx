import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Loaded } from './loaded.tsx';

interface SectionProps {
  readonly title: string;
  readonly count?: number | undefined;
  /** One sentence on what this is. */
  readonly lead?: string | undefined;
  /** Buttons and switches beside the heading. */
  readonly actions?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A titled part of a page, found by its name by whoever listens instead of looking. */
export function Section({ title, count, lead, actions, className, children }: SectionProps) {
  const heading = useId();
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{title}</h2>
        {count !== undefined && count > 0 && <span className="count">{count}</span>}
        <span className="spacer" />
        {actions}
      </header>
      {lead && <p className="panel-lead muted">{lead}</p>}
      {children}
    </section>
  );
}

interface PanelProps<T> {
  readonly title: string;
  readonly query: Parameters<typeof Loaded<readonly T[]>>[0]['query'];
  readonly empty: { readonly title: string; readonly text: string };
  readonly children: (items: readonly T[]) => ReactNode;
  readonly className?: string;
  /** One sentence on what this is. */
  readonly lead?: string;
  /** What can be added here. */
  readonly action?: { readonly label: string; readonly act: () => void };
  readonly actions?: ReactNode;
  /** Shown whatever the list's state is: its dialogs. */
  readonly extra?: ReactNode;
}

/** A titled list with its count, and the same loading, empty and error states everywhere. */
export function Panel<T>(props: PanelProps<T>) {
  const { title, query, empty, children, className, lead, action, actions, extra } = props;
  return (
    <Section
      title={title}
      count={query.data?.length}
      lead={lead}
      className={className}
      actions={
        action ? (
          <Button variant="default" size="xs" onClick={action.act}>
            {action.label}
          </Button>
        ) : (
          actions
        )
      }
    >
      <Loaded query={query} empty={empty}>
        {children}
      </Loaded>
      {extra}
    </Section>
  );
}
