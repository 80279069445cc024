import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { Personal } from '@wardline/personal-data';
import { CloudEvent } from 'cloudevents';
import fc from 'fast-check';
import { egressEventOf, openedFields, type EgressRow, type Json, type JsonPart } from './egress-event.ts';

const tenantId = '01930000-0000-7000-8000-0000000000aa';
const cipher = createFieldCipher(createMemoryKeyring());
const seal = (text: string, context: string, tenant = tenantId) => ({
  sealed: cipher.seal(tenant, Personal.of(text), context),
});

const rowWith = (data: Json, topic = 'appointments.changed'): EgressRow => ({
  tenantId,
  position: 7n,
  eventId: '01930000-0000-7000-8000-000000000001',
  topic,
  type: 'wardline.events.v1.AppointmentChanged',
  key: 'a-1',
  subject: 'appointments/a-1',
  sequence: 3,
  occurredAt: new Date('2026-03-03T10:30:00.000Z'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data,
  recordedAt: new Date(),
});
const appointment = () => ({
  appointmentId: 'a-1',
  doctorName: 'Dr. Anita Sharma',
  patientName: seal('Ada Lovelace', 'appointments.changed/patient_name'),
  patientPhone: seal('+12025550143', 'appointments.changed/patient_phone'),
});

describe('the public form of an event', () => {
  it('is a CloudEvent by the library’s own rules', () => {
    const event = egressEventOf(rowWith(appointment()), { personal: true }, cipher);
    const strict = new CloudEvent({ ...event });
    expect(strict.validate()).toBe(true);
    expect(strict.toJSON()).toMatchObject(JSON.parse(JSON.stringify(event)));
  });

  it('leaves personal fields out, name and all, without the scope', () => {
    const event = egressEventOf(rowWith(appointment()), { personal: false }, cipher);
    expect(event.data).toEqual({ appointmentId: 'a-1', doctorName: 'Dr. Anita Sharma' });
  });

  it('opens them with the scope', () => {
    const event = egressEventOf(rowWith(appointment()), { personal: true }, cipher);
    expect(event.data).toMatchObject({ patientName: 'Ada Lovelace', patientPhone: '+12025550143' });
  });

  it('opens nothing that was sealed for another hospital or another place', () => {
    const other = '01930000-0000-7000-8000-0000000000bb';
    const data = {
      patientName: seal('Grace', 'appointments.changed/patient_name', other),
      patientPhone: seal('+12025550143', 'bookings.patient_phone'),
    };
    expect(egressEventOf(rowWith(data), { personal: true }, cipher).data).toEqual({});
  });

  it('goes on when a key is gone, without the field', () => {
    const data = appointment();
    const forgetful = createFieldCipher(createMemoryKeyring());
    expect(egressEventOf(rowWith(data), { personal: true }, forgetful).data).toEqual({
      appointmentId: 'a-1',
      doctorName: 'Dr. Anita Sharma',
    });
  });
});

/** Some JSON in which personal texts lie sealed anywhere, as objects and as bare text. */
const marker = 'PERSONAL-';
const contexts = Object.values(openedFields).flatMap((fields) => Object.values(fields));
const sealedPart = fc
  .tuple(fc.string({ maxLength: 8 }), fc.constantFrom(...contexts), fc.boolean())
  .map(([text, context, bare]): JsonPart => {
    const sealed = seal(marker + text, context);
    return bare ? sealed.sealed : sealed;
  });
const { data: anyData } = fc.letrec<{ part: JsonPart; data: Json }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonPart>(null, true, 4, 'plain'),
    sealedPart,
    fc.array(tie('part'), { maxLength: 4 }),
    tie('data'),
  ),
  data: fc.dictionary(
    fc.oneof(fc.constantFrom('patientName', 'patientPhone', 'sealed', '__proto__'), fc.string()),
    tie('part'),
    { maxKeys: 5 },
  ),
}));
const ciphertext = /[\w-]{16}\.[\w-]{22,}/;

describe('whatever an event holds', () => {
  it('shows nothing personal without the scope, neither open nor sealed', () => {
    fc.assert(
      fc.property(anyData, fc.constantFrom('appointments.changed', 'calls.changed'), (data, topic) => {
        const text = JSON.stringify(egressEventOf(rowWith(data, topic), { personal: false }, cipher));
        expect(text).not.toContain(marker);
        expect(text).not.toMatch(ciphertext);
      }),
    );
  });

  it('shows with the scope only the fields on the list, and never a sealed value', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        const event = egressEventOf(rowWith(data), { personal: true }, cipher);
        const { patientName: _n, patientPhone: _p, ...rest } = event.data;
        expect(JSON.stringify(rest)).not.toContain(marker);
        expect(JSON.stringify(event)).not.toMatch(ciphertext);
      }),
    );
  });
});
