import { Component, type ReactNode } from 'react';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';

interface BoundaryProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** A page that breaks, or whose code cannot be fetched, leaves the navigation and the other pages working. */
export class PageBoundary extends Component<BoundaryProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Page title={this.props.label}>
        <Notice
          tone="bad"
          title="This page cannot be shown"
          text="Something went wrong in it, or a newer version of the console was installed meanwhile."
          action={{ label: 'Load it again', act: () => location.reload() }}
        />
      </Page>
    );
  }
}
