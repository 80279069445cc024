import type { Json } from './document.ts';

/** Lists that things with ids are found in. Staff are left out: whoever is changed there may not sign in any more. */
const lists = [
  '/clinics',
  '/calls',
  '/campaigns',
  '/patients',
  '/call-backs',
  '/escalations',
  '/do-not-call',
  '/messages',
  '/integrations/webhooks',
  '/integrations/streams',
];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const IDS_MAX = 200;

/** Ids of what a hospital has. */
export async function idsOf(
  base: string,
  headers: () => Promise<Record<string, string>>,
): Promise<readonly string[]> {
  const found = new Set<string>();
  const staff = new Set<string>();
  const get = async (path: string): Promise<Json> => {
    const response = await fetch(`${base}${path}`, { headers: await headers() });
    return response.ok ? ((await response.json()) as Json) : {};
  };
  collect(await get('/staff'), staff);
  for (const list of lists) collect(await get(`${list}?limit=20`), found);
  const campaigns = ((await get('/campaigns?limit=3'))['items'] ?? []) as Json[];
  for (const { id } of campaigns) {
    collect(await get(`/campaigns/${String(id)}`), found);
    collect(await get(`/campaigns/${String(id)}/recipients`), found);
  }
  return [...found].filter((id) => !staff.has(id)).slice(0, IDS_MAX);
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    if (ID.test(value)) into.add(value);
  } else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) collect(one, into);
}
