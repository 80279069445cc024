import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';
import type { CallFigures } from '../domain/call-figures.ts';
import type { Score } from '../domain/score.ts';

const { CallScoredSchema } = events;

export function callScored(
  tenantId: string,
  call: Pick<CallFigures, 'callId' | 'clinicId' | 'campaignId'> & { score: Score },
  scoredAtMs: number,
): Omit<NewEvent, 'traceparent'> {
  const message = create(CallScoredSchema, {
    callId: call.callId,
    clinicId: call.clinicId,
    campaignId: call.campaignId,
    score: call.score.score,
    reasons: [...call.score.reasons],
    rulesVersion: call.score.rulesVersion,
    scoredAt: timestampFromMs(scoredAtMs),
  });
  return {
    topic: 'insights.scored',
    type: CallScoredSchema.typeName,
    key: call.callId,
    subject: `calls/${call.callId}`,
    tenantId,
    data: toJson(CallScoredSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}
