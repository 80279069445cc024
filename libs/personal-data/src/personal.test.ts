import util from 'node:util';
import { isPersonal, Personal } from './personal.ts';

const secret = '+12025550143';
const person = Personal.of(secret);

describe('Personal', () => {
  it('gives its value to reveal() alone', () => {
    expect(person.reveal()).toBe(secret);
  });

  it.each<[string, (value: Personal) => unknown]>([
    ['String()', String],
    ['a template', (value) => `${value as unknown as string}`],
    ['addition', (value) => '' + (value as unknown as string)],
    ['JSON', (value) => JSON.stringify({ a: [value] })],
    ['inspect', (value) => util.inspect({ deep: { value } }, { depth: 9, showHidden: true })],
    ['format', (value) => util.format('%s %o %O %j', value, value, value, value)],
    ['its keys', (value) => JSON.stringify(Reflect.ownKeys(value).map(String))],
    ['its entries', (value) => JSON.stringify(Object.entries(value))],
    ['a spread', (value) => util.inspect({ ...value })],
    ['an error', (value) => util.inspect(new Error('failed', { cause: value }))],
    ['a clone', (value) => util.inspect(structuredClone({ ...value }))],
  ])('is not shown by %s', (_, render) => {
    expect(String(render(person))).not.toContain('2025550143');
  });

  it('says what it hides', () => {
    expect(String(person)).toBe('[personal]');
    expect(JSON.stringify(person)).toBe('"[personal]"');
    expect(util.inspect(person)).toBe('[personal]');
  });

  it('is compared by equals()', () => {
    expect(person.equals(Personal.of(secret))).toBe(true);
    expect(person.equals(Personal.of('+12025550144'))).toBe(false);
  });

  it('stays personal when it is changed', () => {
    expect(person.map((value) => value.slice(-4))).toEqual(Personal.of('0143'));
    expect(person.map((value) => value.slice(-4)).reveal()).toBe('0143');
  });

  it('takes nothing but text', () => {
    expect(() => Personal.of(undefined as unknown as string)).toThrow(TypeError);
  });

  it('is recognised, also when another copy of this package made it', async () => {
    expect(isPersonal(person)).toBe(true);
    expect(isPersonal({ reveal: () => secret })).toBe(false);
    for (const other of [undefined, null, secret, 42]) expect(isPersonal(other)).toBe(false);
    const copy = (await import('./personal.ts?copy' as string)) as typeof import('./personal.ts');
    expect(isPersonal(copy.Personal.of(secret))).toBe(true);
  });
});
