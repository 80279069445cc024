import type { Json } from './document.ts';

/** Where things are listed, by what they are. Staff are left out: whoever is changed there may not sign in any more. */
const lists: Readonly<Record<string, string>> = {
  clinic: '/clinics',
  call: '/calls?limit=20',
  campaign: '/campaigns?limit=20',
  patient: '/patients?limit=20',
  'call-back': '/call-backs?limit=20',
  escalation: '/escalations?limit=20',
  'do-not-call': '/do-not-call?limit=20',
  flow: '/flows',
  webhook: '/integrations/webhooks',
  stream: '/integrations/streams',
};

/** Ids of what a hospital has, by what they are of. */
export async function idsOf(
  base: string,
  headers: () => Promise<Record<string, string>>,
): Promise<Record<string, readonly string[]>> {
  const get = async (path: string): Promise<Json> => {
    const response = await fetch(`${base}${path}`, { headers: await headers() });
    return response.ok ? ((await response.json()) as Json) : {};
  };
  const itemsOf = async (path: string) => ((await get(path))['items'] ?? []) as (Json & { id: string })[];
  const found: Record<string, readonly string[]> = {};
  for (const [kind, list] of Object.entries(lists)) found[kind] = (await itemsOf(list)).map(({ id }) => id);
  const clinics = (await itemsOf('/clinics')) as unknown as { id: string; doctors: { id: string }[] }[];
  found['doctor'] = clinics.flatMap(({ doctors }) => doctors.map(({ id }) => id));
  const appointments: string[] = [];
  const imports: string[] = [];
  for (const clinic of found['clinic'] ?? []) {
    const span = `from=${daysFromNow(-7)}&to=${daysFromNow(60)}`;
    appointments.push(
      ...(await itemsOf(`/appointments?clinic=${clinic}&${span}&limit=20`)).map(({ id }) => id),
    );
  }
  for (const campaign of found['campaign'] ?? []) {
    const { imports: of = [] } = (await get(`/campaigns/${campaign}`)) as { imports?: { id: string }[] };
    imports.push(...of.map(({ id }) => id));
  }
  return { ...found, appointment: appointments, import: imports };
}

const daysFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
