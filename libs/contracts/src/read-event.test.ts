import { create, toJson, type JsonValue } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { events, readEvent } from './index.ts';

const { AppointmentChange, AppointmentChangedSchema, DirectoryChangedSchema, CallCompletedSchema } = events;

const appointment = {
  appointmentId: 'a-1',
  change: 'APPOINTMENT_CHANGE_BOOKED',
  start: '2031-03-04T15:30:00Z',
  patientPhone: { sealed: 'k1.nonce.text' },
};

function unreadable(schema: Parameters<typeof readEvent>[0], data: unknown) {
  const read = readEvent(schema, data);
  if (read.kind !== 'unreadable') throw new Error('was readable');
  return read;
}

describe('readEvent', () => {
  it('reads what a producer wrote', () => {
    const read = readEvent(AppointmentChangedSchema, appointment, 'wardline.events.v1.AppointmentChanged');
    expect(read).toMatchObject({
      kind: 'read',
      message: { appointmentId: 'a-1', change: AppointmentChange.BOOKED },
    });
    expect(read.kind === 'read' && read.unknownEnumTexts.size).toBe(0);
  });

  it('ignores fields it does not know', () => {
    expect(readEvent(AppointmentChangedSchema, { ...appointment, ward: { any: ['thing'] } }).kind).toBe(
      'read',
    );
  });

  it.each([
    ['a text', 'APPOINTMENT_CHANGE_SWAPPED', 'APPOINTMENT_CHANGE_SWAPPED'],
    ['a number', 77, '77'],
    ['a name that every object has', 'toString', 'toString'],
  ])('reads an enum value it does not know, %s, as unspecified and keeps its text', (_, change, text) => {
    const data = { ...appointment, change };
    const read = readEvent(AppointmentChangedSchema, data);
    expect(read).toMatchObject({ kind: 'read', message: { change: AppointmentChange.UNSPECIFIED } });
    expect(read.kind === 'read' && [...read.unknownEnumTexts]).toEqual([['change', text]]);
    expect(data.change).toBe(change);
  });

  it('finds the field by its name in the .proto as well, as the JSON mapping has it', () => {
    const read = readEvent(CallCompletedSchema, { call_id: 'c-1', outcome: 'CALL_OUTCOME_NEW' });
    expect(read).toMatchObject({ kind: 'read', message: { callId: 'c-1', outcome: 0 } });
  });

  it.each<[string, object, string, string]>([
    ['a string', { appointmentId: 7 }, 'appointmentId', 'expected a string'],
    ['a time', { start: 'tomorrow at noon' }, 'start', 'expected a time (RFC 3339)'],
    ['an enum', { change: {} }, 'change', 'expected a AppointmentChange'],
    ['a message', { patientPhone: '+12025550143' }, 'patientPhone', 'expected an object'],
    ['a field of a message', { patientPhone: { sealed: 5 } }, 'patientPhone.sealed', 'expected a string'],
    ['once', { appointmentId: 'a', appointment_id: 'b' }, 'appointmentId', 'given twice'],
  ])('says where it expected %s', (_, data, path, problem) => {
    expect(unreadable(AppointmentChangedSchema, data)).toEqual({
      kind: 'unreadable',
      path,
      problem,
      reason: `unreadable AppointmentChanged at ${path}: ${problem}`,
    });
  });

  it('says which element of a list is wrong', () => {
    const doctors = [{ doctorId: 'd-1' }, { doctorId: 'd-2', acceptsBookings: 'yes' }];
    expect(unreadable(DirectoryChangedSchema, { doctors }).path).toBe('doctors[1].acceptsBookings');
    expect(unreadable(DirectoryChangedSchema, { doctors: { 0: {} } })).toMatchObject({
      path: 'doctors',
      problem: 'expected an array',
    });
  });

  it.each([[null], [undefined], ['text'], [3], [[]]])('does not take %j for an event', (data) => {
    expect(unreadable(AppointmentChangedSchema, data)).toMatchObject({
      path: '',
      problem: 'not a JSON object',
    });
  });

  it('does not take another message for the one it reads', () => {
    const read = readEvent(AppointmentChangedSchema, { callId: 'c' }, 'wardline.events.v1.CallChanged');
    expect(read).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('another message type'),
    });
  });

  it('never throws, and never tells a value', () => {
    const secret = 'Ada Lovelace +12025550143';
    const names = AppointmentChangedSchema.fields.flatMap((field) => [field.jsonName, field.name]);
    const value = fc
      .jsonValue()
      .map((json) => (typeof json === 'string' ? secret : json)) as fc.Arbitrary<JsonValue>;
    const data = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(value, fc.constant([secret, { sealed: [secret] }])),
    );
    fc.assert(
      fc.property(data, (json) => {
        const read = readEvent(AppointmentChangedSchema, json);
        if (read.kind === 'unreadable') expect(JSON.stringify(read)).not.toContain('Lovelace');
      }),
      { numRuns: 500 },
    );
  });

  it('reads back whatever a producer of the same version can write', () => {
    const enumValue = fc.constantFrom(0, 1, 2, 3) as fc.Arbitrary<events.AppointmentChange>;
    fc.assert(
      fc.property(fc.string(), enumValue, fc.string(), (appointmentId, change, sealed) => {
        const message = create(AppointmentChangedSchema, { appointmentId, change, patientName: { sealed } });
        const json = toJson(AppointmentChangedSchema, message, { alwaysEmitImplicit: true });
        expect(readEvent(AppointmentChangedSchema, json)).toMatchObject({ kind: 'read', message });
      }),
    );
  });
});
