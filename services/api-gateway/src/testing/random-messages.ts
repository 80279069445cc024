import { create, ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { uuidv7 } from '@wardline/event-bus';

export type Random = () => number;

const texts = ['', 'sample', 'É 🏥 "quoted", and\nmore', '=1+1', '<b>', 'x'.repeat(300)];
const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

/** A message that keeps to its contract, and to no more: optional things absent, lists empty, values that are not known yet. */
export function randomMessage(desc: DescMessage, random: Random, depth = 0): Message {
  if (desc.typeName === 'google.protobuf.Timestamp')
    return timestampFromDate(new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 3e10)));
  const init: Record<string, unknown> = {};
  for (const field of desc.fields) {
    if (field.oneof && field.oneof.fields[0] !== field) continue;
    const value = valueOf(field, desc, random, depth);
    if (value === undefined) continue;
    if (field.oneof) init[field.oneof.localName] = { case: field.localName, value };
    else init[field.localName] = value;
  }
  return create(desc, init as never);
}

function valueOf(field: DescField, of: DescMessage, random: Random, depth: number): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarOf(field.scalar, field, random);
    case 'enum':
      // A newer service may say what this version does not know.
      return pick(random, [...field.enum.values.map(({ number }) => number), 99]);
    case 'message':
      return depth > 4 || isOptional(field, of, random)
        ? undefined
        : randomMessage(field.message, random, depth + 1);
    case 'list': {
      const count = depth > 4 ? 0 : pick(random, [0, 1, 3]);
      return Array.from({ length: count }, () => {
        if (field.listKind === 'message') return randomMessage(field.message, random, depth + 1);
        return field.listKind === 'scalar' ? scalarOf(field.scalar, field, random) : 0;
      });
    }
    case 'map':
      return {};
    default:
      return field satisfies never;
  }
}

/** What a service answers is there; within it, instants and parts may be absent. */
const isOptional = (field: DescField, of: DescMessage, random: Random): boolean =>
  (field.message?.typeName === 'google.protobuf.Timestamp' || !of.name.endsWith('Response')) &&
  random() < 0.3;

function scalarOf(type: ScalarType, field: DescField, random: Random): unknown {
  const { localName: name } = field;
  if (type === ScalarType.STRING) return textOf(name, field.number, random);
  if (type === ScalarType.BOOL) return random() < 0.5;
  if (type === ScalarType.BYTES) return new TextEncoder().encode(pick(random, texts));
  if (type === ScalarType.DOUBLE || type === ScalarType.FLOAT) return random();
  // Figures that there are not are negative.
  const figure = /^(score|scoreMean|timeToHumanSeconds)/.test(name);
  const number = pick(random, [0, 1, 250, 2_147_483_647, ...(figure ? [-1] : [])]);
  const wide: readonly ScalarType[] = [ScalarType.INT64, ScalarType.UINT64];
  return wide.includes(type) ? BigInt(number) : number;
}

function textOf(name: string, number: number, random: Random): string {
  // A thing's own id is its first field; the ids of others may be absent.
  if (/Ids?$/.test(name))
    return name === 'flowId' ? 'a-flow' : number === 1 || random() < 0.6 ? uuidv7() : '';
  if (name === 'definition') return '{"steps":[]}';
  if (name === 'role') return pick(random, ['admin', 'frontdesk', 'auditor']);
  return pick(random, texts);
}
