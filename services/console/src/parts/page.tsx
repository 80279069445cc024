import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { usePageTitle } from './page-title.ts';
import { Link } from './router.tsx';

interface PageProps {
  /** The page's heading and the tab's title. */
  readonly title: string;
  readonly lead?: ReactNode;
  /** What can be done here, beside the heading. */
  readonly actions?: ReactNode;
  /** The page that this one belongs to. */
  readonly parent?: { readonly to: string; readonly label: string };
  readonly className?: string;
  readonly children: ReactNode;
}

/** What every page begins with: where one is, its heading (the focus goes there), what can be done. */
export function Page({ title, lead, actions, parent, className, children }: PageProps) {
  usePageTitle(title);
  return (
    <main id="content" className={`page ${className ?? ''}`} tabIndex={-1}>
      <header className="page-head">
        <div className="page-head-text">
          {parent && (
            <p className="crumbs">
              <Link to={parent.to}>{parent.label}</Link>
              <IconChevronRight size={15} aria-hidden="true" />
            </p>
          )}
          <h1 tabIndex={-1}>{title}</h1>
          {lead && <p className="muted">{lead}</p>}
        </div>
        {actions && <div className="page-head-actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
