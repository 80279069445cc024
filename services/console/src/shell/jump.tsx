import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { IconPhone, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { callQueries } from '../api/calls.ts';
import { instantIn } from '../api/clinic-day.ts';
import { inWords } from '../calls/words.ts';
import { numberOrWithheld } from '../parts/phone.tsx';
import { navigate } from '../parts/router.tsx';
import { pages } from './pages.ts';
import { useShell } from './shell-context.ts';

/** Pages, recent calls, and whatever else the pages add, found by typing. `asked` grows each time it is to open. */
export default function Jump({ asked }: { readonly asked: number }) {
  const { may, clinic } = useShell();
  useEffect(() => spotlight.open(), [asked]);
  const calls = useQuery({ ...callQueries.recent(clinic.id), enabled: may('calls:read') });
  const actions: SpotlightActionData[] = pages
    .filter(({ permissions }) => permissions.some(may))
    .map(({ path, label, icon: Icon, key }) => ({
      id: path,
      label,
      leftSection: <Icon size={20} aria-hidden="true" />,
      rightSection: <span className="muted kbd">G {key.toUpperCase()}</span>,
      onClick: () => navigate(path),
    }));
  const found: SpotlightActionData[] = (calls.data ?? []).map((call) => ({
    id: call.id,
    label: numberOrWithheld(call.callerNumber),
    description: [
      call.initiatedAt && instantIn(clinic.timeZone, call.initiatedAt),
      inWords(call.outcome ?? call.state),
    ]
      .filter(Boolean)
      .join(' · '),
    // Typed without the spaces, too.
    keywords: [call.callerNumber ?? '', call.id],
    leftSection: <IconPhone size={20} aria-hidden="true" />,
    onClick: () => navigate(`/calls/${call.id}`),
  }));
  return (
    <Spotlight
      shortcut={null}
      actions={[
        { group: 'Pages', actions },
        { group: 'Recent calls', actions: found },
      ]}
      nothingFound="Nothing like that"
      highlightQuery
      scrollable
      maxHeight={420}
      limit={12}
      transitionProps={{ duration: 0 }}
      searchProps={{
        leftSection: <IconSearch size={20} aria-hidden="true" />,
        placeholder: 'A page, a number…',
        'aria-label': 'Go to',
      }}
    />
  );
}
