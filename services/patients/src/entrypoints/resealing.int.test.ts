import { demo, patients } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import { startPatients, type RunningPatients } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;

let run: RunningPatients;
beforeAll(async () => {
  run = await startPatients();
});
afterAll(() => run?.stop());

const peopleOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({
    externalId: i % 2 === 0 ? `MRN-${from + i}` : '',
    name: `Person ${from + i}`,
    number: `+1202555${String(100 + ((from + i) % 100)).padStart(4, '0')}`,
  }));

/** Every sealed value of a tenant. */
async function sealedOf(tenantId: string): Promise<string[]> {
  const { rows } = await run.admin.query<{ sealed: string }>(
    `SELECT unnest(ARRAY[external_id_sealed, name_sealed]) AS sealed FROM patients.people WHERE tenant_id = $1
     UNION ALL SELECT number_sealed FROM patients.numbers WHERE tenant_id = $1
     UNION ALL SELECT note_sealed FROM patients.consent_entries WHERE tenant_id = $1`,
    [tenantId],
  );
  return rows.flatMap(({ sealed }) => sealed ?? []);
}

it('moves people, numbers and notes to a new key while others are registered, and nobody else’s', async () => {
  const [us, them] = [run.as(riverside.tenantId), run.as(harbour.tenantId)];
  const { patientIds } = await us.registerPatients({ patients: peopleOf(130) });
  await them.registerPatients({ patients: peopleOf(3) });
  const patientId = patientIds[0]!;
  await us.recordConsent({
    ...{ patientId, change: patients.ConsentChange.OPTED_OUT, source: 'staff', idempotencyKey: uuidv7() },
    note: 'Said so at the desk',
  });
  await us.recordConsent({
    ...{ number: '+12025550177', change: patients.ConsentChange.OPTED_OUT, source: 'voice' },
    idempotencyKey: uuidv7(),
  });
  const theirs = await sealedOf(harbour.tenantId);

  const { keyId } = run.keyring.rotate(riverside.tenantId);
  const [moved] = await Promise.all([
    run.service.reseal(riverside.tenantId),
    us.registerPatients({ patients: peopleOf(40, 130) }),
  ]);
  // 65 external ids, 130 names, 131 numbers, one note; who was sealed just before the rotation may be among the later ones.
  expect(moved).toBeGreaterThanOrEqual(327);
  await run.service.reseal(riverside.tenantId);

  const sealed = await sealedOf(riverside.tenantId);
  expect(sealed).toHaveLength(327 + 20 + 40 + 40);
  expect(sealed.filter((value) => !value.startsWith(`${keyId}.`))).toEqual([]);
  expect((await sealedOf(harbour.tenantId)).sort()).toEqual(theirs.sort());
  expect(await us.getPatient({ patientId })).toMatchObject({
    patient: { name: 'Person 0', externalId: 'MRN-0', numbers: ['+12025550100'] },
    ledger: [{ note: 'Said so at the desk' }],
  });
});

it('finds every tenant that has people, and only by its id', async () => {
  for (const { tenantId } of [riverside, harbour])
    await run.as(tenantId).registerPatients({ patients: peopleOf(1) });
  const { rows } = await run.admin.query<{ tenant: string }>(
    'SELECT patients.tenants() AS tenant ORDER BY 1',
  );
  expect(rows.map(({ tenant }) => tenant)).toEqual([riverside.tenantId, harbour.tenantId].sort());
});
