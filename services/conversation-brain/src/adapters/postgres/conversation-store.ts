import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import { create, type JsonObject, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import { appendToOutbox } from '@wardline/event-bus';
import type { EndedConversation } from '../../domain/ended.ts';
import type { Line } from '../../domain/effects.ts';
import type { ConversationStore, OpenedConversation } from '../../ports/conversation-store.ts';
import type { BrainDatabase } from './brain-database.ts';

const stateContext = 'conversations.state';
const textContext = 'turns.text';
const deadlineMs = 2_000;

/** Conversations and their lines in the schema `brain`; state and text are sealed with the tenant's key. */
export function createPostgresConversationStore(
  database: BrainDatabase,
  cipher: FieldCipher,
): ConversationStore {
  return {
    async open(tenantId, { callId, clinicId, epoch }): Promise<OpenedConversation | undefined> {
      // One statement decides who is newest: a stream of an older epoch changes nothing and gets no row. Which stream
      // number it got cannot be asked in a second statement, because a third stream may be there by then.
      const rows = await database.inTenant(
        tenantId,
        (tx) => tx.$queryRaw<{ stream: number; state_sealed: string | null }[]>`
          INSERT INTO brain.conversations AS c (tenant_id, call_id, clinic_id, epoch, stream)
          VALUES (${tenantId}::uuid, ${callId}::uuid, ${clinicId}::uuid, ${epoch}, 1)
          ON CONFLICT (tenant_id, call_id) DO UPDATE
            SET epoch = excluded.epoch, stream = c.stream + 1, updated_at = now()
            WHERE c.epoch <= excluded.epoch
          RETURNING c.stream, c.state_sealed`,
        { isolation: 'ReadCommitted', deadlineMs, idempotent: true },
      );
      const row = rows[0];
      if (!row) return undefined;
      const sealed = row.state_sealed;
      return {
        stream: row.stream,
        state: sealed === null ? undefined : cipher.open(tenantId, sealed, stateContext).reveal(),
      };
    },

    async save(tenantId, { callId, stream, state, lines, ended }) {
      const sealedState = cipher.seal(tenantId, Personal.of(state), stateContext);
      const rows = lines.map((line) => ({
        tenantId,
        callId,
        sequence: line.sequence,
        speaker: line.speaker,
        textSealed: cipher.seal(tenantId, Personal.of(line.text), textContext),
        confidence: line.confidence,
        at: new Date(line.atMs),
        interrupted: line.interrupted,
      }));
      return database.inTenant(
        tenantId,
        async (tx) => {
          const updated = await tx.conversation.updateMany({
            where: { tenantId, callId, stream },
            data: {
              stateSealed: sealedState,
              version: { increment: 1 },
              updatedAt: new Date(),
              // A conversation that was over goes on, on a newer stream.
              ...(ended ? {} : { endedAt: null }),
            },
          });
          if (updated.count === 0) return 'replaced';
          // A batch whose answer was lost is written again: lines that are there stay as they are.
          if (rows.length > 0) await tx.turn.createMany({ data: rows, skipDuplicates: true });
          if (ended) await announce(tx, { tenantId, callId, ended });
          return 'saved';
        },
        { isolation: 'ReadCommitted', deadlineMs, idempotent: true },
      );
    },

    async lines(tenantId, callId): Promise<Line[]> {
      const rows = await database.inTenant(
        tenantId,
        (tx) => tx.turn.findMany({ where: { tenantId, callId }, orderBy: { sequence: 'asc' }, take: 1_000 }),
        { isolation: 'ReadCommitted', deadlineMs },
      );
      return rows.map((row) => ({
        sequence: row.sequence,
        speaker: row.speaker === 'agent' ? 'agent' : 'caller',
        text: cipher.open(tenantId, row.textSealed, textContext).reveal(),
        confidence: row.confidence,
        atMs: row.at.getTime(),
        interrupted: row.interrupted,
      }));
    },
  };
}

type Tx = Parameters<Parameters<BrainDatabase['inTenant']>[1]>[0];

/** `conversations.ended`, each time that it ends: who writes the column writes the event. */
async function announce(
  tx: Tx,
  o: { tenantId: string; callId: string; ended: EndedConversation },
): Promise<void> {
  const { tenantId, callId, ended } = o;
  const at = new Date();
  const first = await tx.conversation.updateManyAndReturn({
    where: { tenantId, callId, endedAt: null },
    data: { endedAt: at },
    select: { clinicId: true },
  });
  const clinicId = first[0]?.clinicId;
  if (clinicId === undefined) return;
  const { responsesMs, ...figures } = ended;
  const message = create(events.ConversationEndedSchema, {
    ...figures,
    callId,
    clinicId,
    responseMs: [...responsesMs],
    endedAt: timestampFromDate(at),
  });
  await appendToOutbox(tx, 'brain', {
    topic: 'conversations.ended',
    type: events.ConversationEndedSchema.typeName,
    key: callId,
    subject: callId,
    tenantId,
    data: toJson(events.ConversationEndedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
    occurredAt: at,
  });
}
