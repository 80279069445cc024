import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { events } from '@wardline/contracts';
import { appendToOutbox, type NewEvent } from '@wardline/event-bus';
import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import type { CallRow } from '../../../generated/prisma/client.ts';
import { briefingOf } from '../../domain/hand-off-briefing.ts';
import type { TelephonyTx } from './telephony-database.ts';

const { SmsSendSchema } = events;
const REASON = 'hand-off';
/** A caller without a number (withheld) can be put on the list, but not be written to. */
const E164 = /^\+[1-9]\d{6,14}$/;

/**
 * The entry on the call-back list and the message that says so, in the transaction that decides it. Once per call: the
 * list is unique by call and reason, and only whoever makes the entry writes the message.
 */
export async function addHandOffCallBack(
  tx: TelephonyTx,
  row: CallRow,
  o: { cipher: FieldCipher; newId: () => string; handOffId: string; at: number },
): Promise<void> {
  const { cipher } = o;
  const { tenantId } = row;
  const handOff = await tx.handOffRow.findUniqueOrThrow({ where: { id: o.handOffId } });
  const number = cipher.open(tenantId, row.callerNumberSealed, 'calls.caller_number');
  const briefing = briefingOf(cipher.open(tenantId, handOff.briefingSealed, 'hand_offs.briefing'));
  const { count } = await tx.callBackRow.createMany({
    data: [
      {
        id: o.newId(),
        tenantId,
        callId: row.id,
        clinicId: row.clinicId,
        reason: REASON,
        handOffId: o.handOffId,
        noteSealed: cipher.seal(tenantId, Personal.of(briefing.summary), 'call_backs.note'),
        callerNumberSealed: cipher.seal(tenantId, number, 'call_backs.caller_number'),
        requestedAt: new Date(o.at),
      },
    ],
    skipDuplicates: true,
  });
  if (count === 0 || !E164.test(number.reveal())) return;
  const message = { messageId: o.newId(), number, text: Personal.of(handOff.callBackText), at: o.at };
  await appendToOutbox(tx, 'telephony', smsSend(row, cipher, message));
}

function smsSend(
  row: CallRow,
  cipher: FieldCipher,
  { messageId, number, text, at }: { messageId: string; number: Personal; text: Personal; at: number },
): NewEvent {
  const { tenantId } = row;
  const command = create(SmsSendSchema, {
    messageId,
    clinicId: row.clinicId,
    to: { sealed: cipher.seal(tenantId, number, 'sms.send/to') },
    text: { sealed: cipher.seal(tenantId, text, 'sms.send/text') },
    purpose: 'call-back',
  });
  return {
    topic: 'sms.send',
    type: SmsSendSchema.typeName,
    key: cipher.blindIndex(tenantId, number.reveal(), 'sms.send/key'),
    subject: `messages/${messageId}`,
    tenantId,
    traceparent: row.traceparent,
    occurredAt: new Date(at),
    data: toJson(SmsSendSchema, command, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
