import { readEvent } from '../index.ts';
import * as generated from '../events.ts';
import { validatorOf } from '../testing/index.ts';
import { publicEvents, schemaDocument } from './index.ts';

const events = publicEvents();
const byName = (name: string) => {
  const event = events.find((e) => e.name === name);
  if (!event) throw new Error(`no event ${name}`);
  return event;
};
const validator = (name: string) => validatorOf(schemaDocument(byName(name).message));
const dataOf = (name: string) => structuredClone(byName(name).example.data);

describe.each(events.map((event) => [event.name, event] as const))('the schema of %s', (_, event) => {
  const schema = schemaDocument(event.message);

  it('accepts its example', () => {
    const validate = validatorOf(schema);
    validate(event.example.data);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('accepts it without personal fields, as a subscription without the scope receives it', () => {
    const data = structuredClone(event.example.data);
    for (const name of event.personalFields) delete data[name];
    expect(validatorOf(schema)(data)).toBe(true);
  });

  it('accepts fields that a later version adds', () => {
    expect(validatorOf(schema)({ ...event.example.data, addedLater: { any: 'thing' } })).toBe(true);
  });

  it('says what everything is', () => {
    const described = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      const { properties, anyOf, description } = part as Record<string, unknown>;
      if (properties || anyOf) expect([path, description]).toEqual([path, expect.stringMatching(/\w+ \w+/)]);
      for (const [name, value] of Object.entries((properties ?? {}) as object)) {
        expect([name, (value as { description?: string }).description]).toEqual([
          name,
          expect.stringMatching(/\w+/),
        ]);
      }
      for (const value of (anyOf ?? []) as { description?: string }[]) {
        expect([path, value.description]).toEqual([path, expect.stringMatching(/\w+/)]);
      }
      for (const [name, value] of Object.entries(part)) described(value, `${path}/${name}`);
    };
    described(schema, event.name);
  });
});

describe('what a schema refuses', () => {
  it.each<[string, string, (data: Record<string, unknown>) => void]>([
    ['a field that is always there and is not', 'CallInitiated', (data) => delete data['callId']],
    ['a time that is none', 'CallInitiated', (data) => (data['initiatedAt'] = 'yesterday')],
    ['a text that is a number', 'CallFailed', (data) => (data['failureReason'] = 4)],
    ['an enum value of another enum', 'CallChanged', (data) => (data['toState'] = 'CALL_OUTCOME_BOOKED')],
    ['a duration of another notation', 'CallCompleted', (data) => (data['talkTime'] = 'PT93S')],
    ['a list that is none', 'DirectoryChanged', (data) => (data['doctors'] = {})],
    ['an element that is wrong', 'DirectoryChanged', (data) => (data['doctors'] = [{ doctorId: 'd' }])],
    [
      'a personal value as it is sealed inside',
      'AppointmentChanged',
      (data) => (data['patientName'] = { sealed: 'k' }),
    ],
  ])('%s', (_, name, spoil) => {
    const data = dataOf(name);
    spoil(data);
    expect(validator(name)(data)).toBe(false);
  });

  it('is not an enum value of a later version', () => {
    const data = { ...dataOf('CallChanged'), toState: 'CALL_STATE_ON_HOLD' };
    expect(validator('CallChanged')(data)).toBe(true);
  });
});

it('describes what our own producers write: every example without personal fields is read back', () => {
  for (const event of events) {
    const schema = Object.values(generated).find(
      (value) => typeof value === 'object' && 'typeName' in value && value.typeName === event.typeName,
    );
    if (!schema || !('fields' in schema)) throw new Error(`no generated ${event.typeName}`);
    const data = structuredClone(event.example.data);
    for (const name of event.personalFields) delete data[name];
    const read = readEvent(schema, data, event.example.type);
    expect(read).toMatchObject({ kind: 'read' });
    expect(read.kind === 'read' && read.unknownEnumTexts.size).toBe(0);
  }
});
