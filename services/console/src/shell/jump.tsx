import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.layer.css';
import { IconPhone, IconSearch, IconSpeakerphone } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { callQueries } from '../api/calls.ts';
import { campaignQueries } from '../api/campaigns.ts';
import { instantIn } from '../api/clinic-day.ts';
import { callInWords } from '../calls/words.ts';
import { stateInWords } from '../campaigns/words.ts';
import { numberOrWithheld } from '../parts/phone.tsx';
import { navigate } from '../parts/router.tsx';
import { pages } from './pages.ts';
import { useShell } from './shell-context.ts';

/** Pages, campaigns and recent calls, found by typing. `asked` grows each time it is to open. */
export default function Jump({ asked }: { readonly asked: number }) {
  const { may, clinic } = useShell();
  const [opened, setOpened] = useState(false);
  useEffect(() => spotlight.open(), [asked]);
  const calls = useQuery({ ...callQueries.recent(clinic.id), enabled: opened && may('calls:read') });
  const campaigns = useInfiniteQuery({
    ...campaignQueries.list(clinic.id),
    enabled: opened && may('campaigns:read'),
    refetchInterval: false,
  });
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
    description: [call.initiatedAt && instantIn(clinic.timeZone, call.initiatedAt), callInWords(call)]
      .filter(Boolean)
      .join(' · '),
    // Typed without the spaces, too.
    keywords: [call.callerNumber ?? '', call.id],
    leftSection: <IconPhone size={20} aria-hidden="true" />,
    onClick: () => navigate(`/calls/${call.id}`),
  }));
  const named: SpotlightActionData[] = (campaigns.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .map(({ id, settings, state }) => ({
      id,
      label: settings.name,
      description: stateInWords(state),
      leftSection: <IconSpeakerphone size={20} aria-hidden="true" />,
      onClick: () => navigate(`/campaigns/${id}`),
    }));
  return (
    <Spotlight
      shortcut={null}
      onSpotlightOpen={() => setOpened(true)}
      onSpotlightClose={() => setOpened(false)}
      actions={[
        { group: 'Pages', actions },
        { group: 'Campaigns', actions: named },
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
        placeholder: 'A page, a campaign, a number…',
        'aria-label': 'Go to',
      }}
    />
  );
}
