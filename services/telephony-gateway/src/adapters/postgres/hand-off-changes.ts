import type { FieldCipher } from '@wardline/field-encryption';
import type { CallRow } from '../../../generated/prisma/client.ts';
import type { Call, Effect } from '../../domain/call.ts';
import { settleHandOff } from '../../domain/hand-off-on-call.ts';
import { createHandOff, type HandOff, type HandOffEvent } from '../../domain/hand-off.ts';
import type { CallChange } from '../../ports/call-store.ts';
import type { ChangedHandOff, HandOffChange } from '../../ports/hand-off-store.ts';
import { addHandOffCallBack } from './hand-off-call-back.ts';
import { handOffColumns, handOffOf } from './hand-off-rows.ts';
import { candidatesOf } from './postgres-presence.ts';
import type { TelephonyTx } from './telephony-database.ts';

export interface SettledCall {
  readonly call: Call;
  readonly effects: readonly Effect[];
  readonly handOff: ChangedHandOff | undefined;
}

/**
 * The part of a call's change that its hand-off takes, in the same transaction and under the call's lock: whoever changes
 * a hand-off holds its call, so that accepting, declining, running out and hanging up take turns.
 */
export function createHandOffChanges(o: { cipher: FieldCipher; newId: () => string }) {
  const { cipher } = o;

  async function open(tx: TelephonyTx, row: CallRow, call: Call, change: CallChange): Promise<HandOff> {
    const fresh = change.handOff?.open;
    if (!fresh || !call.handOff || fresh.handOffId !== call.handOff.handOffId)
      throw new Error('a hand-off was opened without what is stored with it');
    const { handOffId, hasReception, callBackText, briefing } = fresh;
    const handOff = createHandOff({ handOffId, requestedAt: change.at, hasReception });
    await tx.handOffRow.create({
      data: {
        id: handOffId,
        tenantId: row.tenantId,
        callId: row.id,
        clinicId: row.clinicId,
        reason: call.handOff.reason,
        hasReception,
        callBackText,
        briefingSealed: cipher.seal(row.tenantId, briefing, 'hand_offs.briefing'),
        requestedAt: new Date(change.at),
        ...handOffColumns(handOff),
      },
    });
    return handOff;
  }

  /** The loser of a race is impossible under the call's lock; should it happen all the same, nothing is stored. */
  async function update(
    tx: TelephonyTx,
    row: CallRow,
    { before, after }: { before: HandOff; after: HandOff },
    change: HandOffChange | undefined,
  ): Promise<void> {
    const isAccepted = before.acceptedBy === null && after.acceptedBy !== null;
    const number = isAccepted ? change?.number : undefined;
    const { count } = await tx.handOffRow.updateMany({
      where: { id: before.handOffId, state: before.state, fallback: before.fallback },
      data: {
        ...handOffColumns(after),
        ...(number && {
          acceptedNumberSealed: cipher.seal(row.tenantId, number, 'hand_offs.accepted_number'),
        }),
      },
    });
    if (count !== 1) throw new Error('a hand-off changed without its call');
  }

  async function noteDeclines(
    tx: TelephonyTx,
    row: CallRow,
    handOffId: string,
    taken: readonly HandOffEvent[],
  ) {
    const data = taken
      .filter((event) => event.type === 'decline')
      .map(({ userId, at }) => ({ handOffId, userId, tenantId: row.tenantId, declinedAt: new Date(at) }));
    if (data.length > 0) await tx.handOffDeclineRow.createMany({ data, skipDuplicates: true });
  }

  return {
    /** The hand-off that the call had last, as it is stored. */
    of: (tx: TelephonyTx, call: Call) => readHandOff(tx, call),

    /** `call` has taken the change's own events; `known` is the hand-off from before them. */
    async settle(
      tx: TelephonyTx,
      row: CallRow,
      { call, known, change }: { call: Call; known: HandOff | null; change: CallChange },
    ): Promise<SettledCall> {
      if (!call.handOff) return { call, effects: [], handOff: undefined };
      const { handOffId } = call.handOff;
      const isNew = known?.handOffId !== handOffId;
      const before = isNew ? await open(tx, row, call, change) : known;
      const taken = change.handOff
        ? change.handOff.decide(before, await candidatesOf(tx, handOffId, change.at))
        : [];
      const settled = settleHandOff({ call, handOff: before }, taken, change.at);
      const after = settled.handOff;
      await noteDeclines(tx, row, handOffId, taken);
      if (after !== before) await update(tx, row, { before, after }, change.handOff);
      if (settled.callBack) await addHandOffCallBack(tx, row, { ...o, handOffId, at: change.at });
      return {
        call: settled.call,
        effects: settled.effects,
        handOff: { before: isNew ? null : before, after },
      };
    },
  };
}

export async function readHandOff(tx: TelephonyTx, call: Call): Promise<HandOff | null> {
  if (!call.handOff) return null;
  const row = await tx.handOffRow.findUnique({ where: { id: call.handOff.handOffId } });
  return row && handOffOf(row);
}
