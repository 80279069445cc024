import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { events, type campaigns } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { recipientResultCodes, recipientResultWord } from '../adapters/contract-words.ts';
import { exportResults } from '../app/export-results.ts';
import type { RecipientList, RecipientState, RecipientView } from '../ports/recipient-list.ts';
import { timeField } from './campaign-messages.ts';
import { cursorAfter, invalid, limitOf, notFound, positionOf, uuidOf } from './request-checks.ts';

const states: readonly string[] = ['waiting', 'queued', 'live', 'settled'] satisfies RecipientState[];

type Handlers = Pick<
  ServiceImpl<typeof campaigns.CampaignsService>,
  'dryRun' | 'listRecipients' | 'exportResults'
>;

/** Recipients as people look at them. */
export function recipientHandlers(deps: { recipients: RecipientList; now: () => number }): Handlers {
  const { recipients } = deps;
  return {
    async dryRun({ campaignId, limit }, ctx) {
      const run = await recipients.dryRun(tenantOf(ctx), {
        campaignId: uuidOf('campaign_id', campaignId),
        limit: limitOf(limit, 500, 100),
        nowMs: deps.now(),
      });
      if (!run) throw notFound('campaign');
      return {
        callable: run.callable,
        notCallable: run.notCallable,
        reasons: run.reasons.map((r) => ({ ...r })),
        ...timeField('firstCallAt', run.firstCallAtMs),
        ...timeField('lastCallAt', run.lastCallAtMs),
        sample: run.sample.map(({ callAtMs, name, number, ...planned }) => ({
          ...planned,
          name: name.reveal(),
          number: number.reveal(),
          ...timeField('callAt', callAtMs),
        })),
      };
    },

    async listRecipients({ campaignId, state, result, limit: asked, cursor }, ctx) {
      if (state !== '' && !states.includes(state)) throw invalid(`state must be one of ${states.join(', ')}`);
      const word = recipientResultWord(result);
      if (result !== events.RecipientResult.UNSPECIFIED && !word) throw invalid('result is not known');
      const limit = limitOf(asked, 200, 50);
      const found = await recipients.list(tenantOf(ctx), {
        campaignId: uuidOf('campaign_id', campaignId),
        state: state === '' ? undefined : (state as RecipientState),
        result: word,
        limit: limit + 1,
        afterId: positionOf(cursor)?.id,
      });
      if (!found) throw notFound('campaign');
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        recipients: page.map(recipientMessage),
        nextCursor: found.length > limit && last ? cursorAfter({ atMs: 0, id: last.recipientId }) : '',
      };
    },

    async *exportResults({ campaignId }, ctx) {
      const chunks = await exportResults(deps, tenantOf(ctx), uuidOf('campaign_id', campaignId));
      if (!chunks) throw notFound('campaign');
      for await (const chunk of chunks) yield { chunk };
    },
  };
}

function recipientMessage(r: RecipientView) {
  return {
    recipientId: r.recipientId,
    name: r.name.reveal(),
    number: r.number.reveal(),
    timeZone: r.timeZone,
    appointmentId: r.appointmentId ?? '',
    state: r.state,
    result: r.result ? recipientResultCodes[r.result] : events.RecipientResult.UNSPECIFIED,
    attempts: r.attempts,
    ...timeField('nextCallAt', r.nextCallAtMs),
    calls: r.calls.map((call) => ({
      attemptId: call.attemptId,
      callId: call.callId,
      dialledAt: timestampFromMs(call.dialledAtMs),
      result: call.result ?? '',
    })),
    patientId: r.patientId ?? '',
    externalId: r.externalId?.reveal() ?? '',
  };
}
