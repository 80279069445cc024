import { create, createFileRegistry, fromBinary, toJson, type DescMessage } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { events, readEvent } from './index.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** The contract of a later version, compiled from `proto/` as somebody may edit it next year. */
function compileNext(file: string, edits: readonly (readonly [from: string, to: string])[]): DescMessage {
  const copy = mkdtempSync(path.join(tmpdir(), 'wardline-proto-next-'));
  try {
    cpSync(path.join(root, 'proto'), copy, { recursive: true });
    const source = path.join(copy, file);
    let text = readFileSync(source, 'utf8');
    for (const [from, to] of edits) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    writeFileSync(source, text);
    const buf = path.join(root, 'node_modules/.bin/buf');
    const built = spawnSync(buf, ['build', '-o', 'next.binpb'], { cwd: copy, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
    const check = spawnSync(
      process.execPath,
      [path.join(root, 'tools/contracts/check-breaking.mjs'), '--proto-only'],
      {
        env: { ...process.env, WARDLINE_PROTO_DIR: copy },
        encoding: 'utf8',
      },
    );
    // What the check lets through is exactly what has to be readable here.
    expect(`${check.stdout}${check.stderr}`).toContain('nothing that consumers rely on has changed');
    const files = fromBinary(FileDescriptorSetSchema, readFileSync(path.join(copy, 'next.binpb')));
    const message = createFileRegistry(files).getMessage('wardline.events.v1.AppointmentChanged');
    if (!message) throw new Error('the compiled contract has no AppointmentChanged');
    return message;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

describe('an event of a newer version', () => {
  it('with an added field and a new enum value is read by an older consumer', () => {
    const next = compileNext('wardline/events/v1/appointments.proto', [
      [
        '  string clinic_name = 14;',
        '  string clinic_name = 14;\n  repeated string tags = 15;\n  Ward ward = 16;',
      ],
      [
        'APPOINTMENT_CHANGE_CONFIRMED = 4;',
        'APPOINTMENT_CHANGE_CONFIRMED = 4;\n  APPOINTMENT_CHANGE_CHECKED_IN = 5;',
      ],
      [
        '// Topic appointments.changed.',
        'message Ward {\n  string ward_id = 1;\n}\n\n// Topic appointments.changed.',
      ],
    ]);
    const written = toJson(
      next,
      create(next, {
        appointmentId: 'a-1',
        change: 5,
        channel: events.BookingChannel.STAFF,
        tags: ['new'],
        ward: { wardId: 'w-1' },
      } as Record<string, unknown>),
      { alwaysEmitImplicit: true },
    );
    expect(written).toMatchObject({
      change: 'APPOINTMENT_CHANGE_CHECKED_IN',
      tags: ['new'],
      ward: { wardId: 'w-1' },
    });

    const read = readEvent(events.AppointmentChangedSchema, written, next.typeName);
    expect(read).toMatchObject({
      kind: 'read',
      message: {
        appointmentId: 'a-1',
        change: events.AppointmentChange.UNSPECIFIED,
        channel: events.BookingChannel.STAFF,
      },
    });
    expect(read.kind === 'read' && [...read.unknownEnumTexts]).toEqual([
      ['change', 'APPOINTMENT_CHANGE_CHECKED_IN'],
    ]);
  });

  it('keeps the places of a list whose elements hold an unknown value, and their texts by path', () => {
    const next = compileNext('wardline/events/v1/appointments.proto', [
      [
        '  string clinic_name = 14;',
        '  string clinic_name = 14;\n  repeated AppointmentChange history = 15;\n  map<string, AppointmentChange> by_day = 16;\n  repeated Part parts = 17;',
      ],
      [
        '// Topic appointments.changed.',
        'message Part {\n  BookingChannel channel = 1;\n}\n\n// Topic appointments.changed.',
      ],
    ]);
    const read = readEvent(next, {
      history: ['APPOINTMENT_CHANGE_BOOKED', 'APPOINTMENT_CHANGE_LATER', 'APPOINTMENT_CHANGE_MOVED'],
      byDay: { mon: 'APPOINTMENT_CHANGE_MOVED', tue: 'APPOINTMENT_CHANGE_LATER' },
      parts: [{ channel: 'BOOKING_CHANNEL_PHONE' }, { channel: 'BOOKING_CHANNEL_WEB' }],
    });
    expect(read).toMatchObject({
      message: { history: [1, 0, 2], byDay: { mon: 2, tue: 0 }, parts: [{ channel: 1 }, { channel: 0 }] },
    });
    expect(read.kind === 'read' && Object.fromEntries(read.unknownEnumTexts)).toEqual({
      'history[1]': 'APPOINTMENT_CHANGE_LATER',
      'byDay[1]': 'APPOINTMENT_CHANGE_LATER',
      'parts[1].channel': 'BOOKING_CHANNEL_WEB',
    });
    expect(readEvent(next, { byDay: { mon: {} } })).toMatchObject({ path: 'byDay[0]' });
  });

  it('of an older version, without fields that were added since, is read with their defaults', () => {
    const next = compileNext('wardline/events/v1/appointments.proto', [
      ['  string clinic_name = 14;', '  string clinic_name = 14;\n  string ward = 15;'],
    ]);
    const old = toJson(
      events.AppointmentChangedSchema,
      create(events.AppointmentChangedSchema, { appointmentId: 'a' }),
      { alwaysEmitImplicit: true },
    );
    expect(readEvent(next, old)).toMatchObject({ kind: 'read', message: { appointmentId: 'a', ward: '' } });
  });
});
