import { appendToOutbox } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { parseTraceparent } from '@wardline/observability';
import type { CallRow } from '../../../generated/prisma/client.ts';
import { createCall, type CallEvent, type Effect } from '../../domain/call.ts';
import { factsBetween } from '../../domain/facts.ts';
import { checkAfterMs } from '../../domain/policy.ts';
import { transition } from '../../domain/transition.ts';
import { isStillWanted } from '../../domain/wanted.ts';
import type {
  CallChange,
  CallStore,
  ChangeResult,
  ClaimedCommand,
  CommandKey,
  NewCall,
  PlacedCall,
  StoredCall,
} from '../../ports/call-store.ts';
import { eventOf } from './call-events.ts';
import { columnsOf, NUMBER_PURPOSE, parseEffect, storedCallOf, watchOf } from './call-rows.ts';
import { createHandOffChanges } from './hand-off-changes.ts';
import { createSweepLists } from './sweep-lists.ts';
import { turnTaking, type TelephonyDatabase, type TelephonyTx } from './telephony-database.ts';

const SCHEMA = 'telephony';

export function createPostgresCallStore(o: {
  database: TelephonyDatabase;
  cipher: FieldCipher;
  newId: () => string;
}): CallStore {
  const { database, cipher, newId } = o;
  const handOffs = createHandOffChanges({ cipher, newId });

  const inTurn = <T>(tenantId: string, work: (tx: TelephonyTx) => Promise<T>) =>
    database.inTenant(tenantId, work, turnTaking);

  async function insertCall(tx: TelephonyTx, fresh: NewCall | PlacedCall, at: number): Promise<boolean> {
    const direction = 'plan' in fresh ? 'outbound' : fresh.direction;
    const call = createCall(direction, at, 'plan' in fresh ? fresh.plan : undefined);
    const campaign = 'plan' in fresh ? fresh.campaign : null;
    const number = fresh.callerNumber;
    const { count } = await tx.callRow.createMany({
      data: [
        {
          id: fresh.callId,
          tenantId: fresh.tenantId,
          clinicId: fresh.clinicId,
          ...('plan' in fresh
            ? { ...fresh.campaign, language: fresh.language }
            : { callControlId: fresh.callControlId, callSessionId: fresh.callSessionId ?? null }),
          direction,
          callerNumberSealed: cipher.seal(fresh.tenantId, number, 'calls.caller_number'),
          callerNumberIndex: cipher.blindIndex(fresh.tenantId, number.reveal(), NUMBER_PURPOSE),
          clinicNumber: fresh.clinicNumber,
          traceparent: fresh.traceparent,
          traceId: parseTraceparent(fresh.traceparent)?.traceId ?? '',
          initiatedAt: new Date(at),
          nextCheckAt: new Date(at + (checkAfterMs(call) ?? 0)),
          ...columnsOf(call),
        },
      ],
      skipDuplicates: true,
    });
    // Another webhook of the same leg may have come first, at the same instant: then the call is that one's.
    if (count === 0) return false;
    const fact = { type: 'initiated', direction, initiatedAt: at } as const;
    await appendToOutbox(tx, SCHEMA, eventOf({ ...fresh, campaign }, fact));
    return true;
  }

  async function applyLocked(tx: TelephonyTx, row: CallRow, change: CallChange): Promise<ChangeResult> {
    if (change.once && !(await mark(tx, row, change.once, change.at))) return { kind: 'duplicate' };
    const learned = row.callControlId === null ? change.leg : undefined;
    const stored = storedCallOf({ ...row, ...learned, callSessionId: row.callSessionId });
    const known = await handOffs.of(tx, stored.call);
    const decided = change.decide(stored, known);
    const folded = fold(stored, decided);
    const settled = await handOffs.settle(tx, row, { call: folded.call, known, change });
    const { call, handOff } = settled;
    const effects = [...folded.effects, ...settled.effects];
    for (const fact of factsBetween(stored.call, call, change.at)) {
      await appendToOutbox(tx, SCHEMA, eventOf(stored, fact));
    }
    const commands = await insertCommands(tx, stored, effects, change.at);
    if (change.settles) {
      const { commandId, status, error } = change.settles;
      await tx.commandRow.update({
        where: { id: commandId },
        data: { status, settledAt: new Date(change.at), lastError: error ?? null },
      });
    }
    const columns = columnsOf(call);
    const heard =
      change.once !== undefined ||
      change.settles?.status === 'done' ||
      decided.some(({ type }) => type === 'seen-alive' || type === 'seen-gone');
    await tx.callRow.update({
      where: { id: row.id },
      data: {
        ...columns,
        ...watchOf(row, call, change, heard),
        ...(learned && {
          callControlId: learned.callControlId,
          callSessionId: learned.callSessionId ?? null,
        }),
      },
    });
    return {
      kind: 'changed',
      stored: { ...stored, call },
      commands,
      wakeAt: columns.wakeAt?.getTime() ?? null,
      ...(handOff && { handOff }),
    };
  }

  const numbersOf = (row: CallRow) => ({
    patient: cipher.open(row.tenantId, row.callerNumberSealed, 'calls.caller_number'),
    clinic: row.clinicNumber,
  });

  async function insertCommands(
    tx: TelephonyTx,
    stored: StoredCall,
    effects: readonly Effect[],
    at: number,
  ): Promise<CommandKey[]> {
    const { tenantId, callId } = stored;
    const rows = effects.map((effect) => ({
      id: newId(),
      tenantId,
      callId,
      kind: effect.kind,
      effect: JSON.parse(JSON.stringify(effect)) as object,
      status: 'pending',
      nextAttemptAt: new Date(at),
      createdAt: new Date(at),
    }));
    if (rows.length > 0) await tx.commandRow.createMany({ data: rows });
    return rows.map(({ id }) => ({ tenantId, commandId: id }));
  }

  return {
    ...createSweepLists(database.client),

    change: ({ tenantId, callId }, change) =>
      inTurn(tenantId, async (tx) => {
        const row = await lock(tx, callId);
        return row ? applyLocked(tx, row, change) : { kind: 'unknown-call' };
      }),

    changeNew: (fresh, change) =>
      inTurn(fresh.tenantId, async (tx) => {
        await insertCall(tx, fresh, change.at);
        const row = await tx.callRow.findUnique({ where: { callControlId: fresh.callControlId } });
        const locked = row && (await lock(tx, row.id));
        return locked ? applyLocked(tx, locked, change) : { kind: 'unknown-call' };
      }),

    place: (placed, { at, tries }) =>
      inTurn(placed.tenantId, async (tx) => {
        const { attemptId } = placed.campaign;
        const { count } = await tx.dialRow.updateMany({
          where: { attemptId, state: 'waiting', tries },
          data: { state: 'dialled', nextTryAt: null },
        });
        if (count === 0 || !(await insertCall(tx, placed, at))) return { kind: 'lost' };
        const locked = await lock(tx, placed.callId);
        if (!locked) throw new Error('a call that was just stored is not there');
        return applyLocked(tx, locked, { at, decide: () => [{ type: 'dial-asked' }] });
      }),

    read: ({ tenantId, callId }) =>
      inTurn(tenantId, async (tx) => {
        const row = await tx.callRow.findUnique({ where: { id: callId } });
        return row ? storedCallOf(row) : undefined;
      }),

    claimCommand: ({ tenantId, commandId }, { now, leaseMs }) =>
      inTurn(tenantId, async (tx): Promise<ClaimedCommand | undefined> => {
        const found = await tx.commandRow.findUnique({ where: { id: commandId } });
        // The call first, as everywhere: two locks taken in one order cannot wait for each other.
        const row = found && (await lock(tx, found.callId));
        const command = row && (await tx.commandRow.findUnique({ where: { id: commandId } }));
        if (!command || command.status !== 'pending' || command.nextAttemptAt.getTime() > now)
          return undefined;
        const stored = storedCallOf(row);
        const effect = parseEffect(command.effect);
        const where = { id: commandId };
        if (!isStillWanted(stored.call, effect)) {
          await tx.commandRow.update({ where, data: { status: 'superseded', settledAt: new Date(now) } });
          return undefined;
        }
        const attempts = command.attempts + 1;
        await tx.commandRow.update({ where, data: { attempts, nextAttemptAt: new Date(now + leaseMs) } });
        const numbers = effect.kind === 'dial' ? { numbers: numbersOf(row) } : {};
        return { stored, effect, attempts, createdAt: command.createdAt.getTime(), ...numbers };
      }),

    postponeCommand: ({ tenantId, commandId }, until, error) =>
      inTurn(tenantId, async (tx) => {
        await tx.commandRow.updateMany({
          where: { id: commandId, status: 'pending' },
          data: { nextAttemptAt: new Date(until), lastError: error },
        });
      }),
  };
}

function fold(stored: StoredCall, events: readonly CallEvent[]) {
  const effects: Effect[] = [];
  let { call } = stored;
  for (const event of events) {
    const next = transition(call, event);
    call = next.call;
    effects.push(...next.effects);
  }
  return { call, effects };
}

async function lock(tx: TelephonyTx, callId: string): Promise<CallRow | undefined> {
  const locked = await tx.$queryRaw<
    { id: string }[]
  >`SELECT id FROM telephony.calls WHERE id = ${callId}::uuid FOR UPDATE`;
  if (locked.length === 0) return undefined;
  return (await tx.callRow.findUnique({ where: { id: callId } })) ?? undefined;
}

/** True the first time. A webhook at the same instant waits here until the first one has committed. */
async function mark(
  tx: TelephonyTx,
  row: CallRow,
  once: NonNullable<CallChange['once']>,
  at: number,
): Promise<boolean> {
  const { count } = await tx.webhookEventRow.createMany({
    data: [
      {
        eventId: once.eventId,
        eventType: once.eventType,
        tenantId: row.tenantId,
        callId: row.id,
        occurredAt: new Date(once.occurredAt),
        receivedAt: new Date(at),
      },
    ],
    skipDuplicates: true,
  });
  return count === 1;
}
