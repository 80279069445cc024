import {
  IconActivity,
  IconAlertTriangle,
  IconCalendar,
  IconHeadset,
  IconHistory,
  IconMessage,
  IconSettings,
  IconSpeakerphone,
  IconPhone,
  IconPlugConnected,
  type Icon,
} from '@tabler/icons-react';
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import { useFailureCount, useOffCount, useWaitingCount } from './counts.ts';

export interface PageProps {
  /** What follows the page's own path in the address: "/calls/ID" gives ["ID"]. */
  readonly rest: readonly string[];
}

export interface PageEntry {
  readonly path: string;
  readonly label: string;
  readonly group: 'desk' | 'outreach' | 'house';
  readonly icon: Icon;
  /** Having one of them is enough. */
  readonly permissions: readonly string[];
  /** Pressed after "g". */
  readonly key: string;
  /** Its addresses are entries of one list: going to another one leaves the focus in the list. */
  readonly keepsFocus?: boolean;
  readonly Page: LazyExoticComponent<ComponentType<PageProps>>;
  /** Fetches the page's code before it is needed. */
  readonly preload: () => void;
  /** A number beside the name: what waits there. */
  readonly useCount?: () => {
    readonly count: number;
    readonly tone: 'alarm' | 'bad';
    readonly words: string;
  };
}

type Load = () => Promise<{ default: ComponentType<PageProps> }>;

const page = (load: Load, entry: Omit<PageEntry, 'Page' | 'preload'>): PageEntry => ({
  ...entry,
  Page: lazy(load),
  preload: () => void load().catch(() => undefined), // Asked for again when the page is opened.
});

/** Every page of the console, in the order of the navigation. A new page is one entry here and a default export. */
export const pages: readonly PageEntry[] = [
  page(() => import('../live/live-page.tsx'), {
    path: '/',
    label: 'Live',
    group: 'desk',
    icon: IconActivity,
    permissions: ['calls:read'],
    key: 'l',
  }),
  page(() => import('../escalations/escalations-page.tsx'), {
    path: '/escalations',
    label: 'Escalations',
    group: 'desk',
    icon: IconHeadset,
    permissions: ['escalations:work', 'call-backs:work'],
    key: 'e',
    keepsFocus: true,
    useCount: useWaitingCount,
  }),
  page(() => import('../calls/calls-page.tsx'), {
    path: '/calls',
    label: 'Calls',
    group: 'desk',
    icon: IconPhone,
    permissions: ['calls:read'],
    key: 'c',
  }),
  page(() => import('../appointments/appointments-page.tsx'), {
    path: '/appointments',
    label: 'Appointments',
    group: 'desk',
    icon: IconCalendar,
    permissions: ['appointments:read'],
    key: 'a',
  }),
  page(() => import('../messages/messages-page.tsx'), {
    path: '/messages',
    label: 'Messages',
    group: 'desk',
    icon: IconMessage,
    permissions: ['messages:read'],
    key: 'm',
  }),
  page(() => import('../campaigns/campaigns-page.tsx'), {
    path: '/campaigns',
    label: 'Campaigns',
    group: 'outreach',
    icon: IconSpeakerphone,
    permissions: ['campaigns:read'],
    key: 'o',
  }),
  page(() => import('../failures/failed-events-page.tsx'), {
    path: '/failed-events',
    label: 'Failed events',
    group: 'house',
    icon: IconAlertTriangle,
    permissions: ['operations:read'],
    key: 'f',
    keepsFocus: true,
    useCount: useFailureCount,
  }),
  page(() => import('../integrations/integrations-page.tsx'), {
    path: '/integrations',
    label: 'Integrations',
    group: 'house',
    icon: IconPlugConnected,
    permissions: ['integrations:manage'],
    key: 'i',
    useCount: useOffCount,
  }),
  page(() => import('../audit/audit-page.tsx'), {
    path: '/audit',
    label: 'Audit',
    group: 'house',
    icon: IconHistory,
    permissions: ['audit:read'],
    key: 'u',
  }),
  page(() => import('../settings/settings-page.tsx'), {
    path: '/settings',
    label: 'Settings',
    group: 'house',
    icon: IconSettings,
    permissions: ['settings:read'],
    key: 's',
  }),
];

/** The page that an address belongs to. */
export function pageAt(
  path: string,
): { readonly entry: PageEntry; readonly rest: readonly string[] } | undefined {
  const [, first = '', ...rest] = path.split('/');
  const entry = pages.find((candidate) => candidate.path === `/${first}`);
  return entry && { entry, rest };
}
