import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import { flows } from '@wardline/contracts';
import { tenantOf } from '@wardline/rpc';
import { type FlowProblem, parseFlow } from '../domain/script/check-flow.ts';
import { messageOf } from '../domain/script/flow.ts';
import { needsOf } from '../domain/script/placeholders.ts';
import type { FlowLibrary, StoredFlow } from '../ports/flow-library.ts';

const titleCharsMax = 120;

/** FlowService: the scripts of outbound calls, for staff and for campaigns. */
export function createFlowService(library: FlowLibrary): ServiceImpl<typeof flows.FlowService> {
  return {
    async listFlows(_, ctx) {
      const all = await library.list(tenantOf(ctx));
      return create(flows.ListFlowsResponseSchema, { flows: all.map(flowOf) });
    },

    async getFlow({ flowId, version }, ctx) {
      const stored = await library.get(tenantOf(ctx), flowId, version);
      if (!stored) throw new ConnectError('there is no such flow', Code.NotFound);
      return create(flows.GetFlowResponseSchema, { flow: flowOf(stored) });
    },

    async saveFlow({ flowId, title, definition, afterVersion }, ctx) {
      const tenantId = tenantOf(ctx);
      const problems: FlowProblem[] = [];
      if (!/^[a-z][a-z0-9-]{0,59}$/.test(flowId))
        problems.push({ at: '', problem: 'flow_id: lower-case letters, digits and hyphens, 60 at most' });
      if (title.length > titleCharsMax) problems.push({ at: '', problem: 'title: 120 characters at most' });
      if (afterVersion < 0) problems.push({ at: '', problem: 'after_version: 0 for a new flow' });
      const parsed = parseFlow(definition);
      if ('problems' in parsed) problems.push(...parsed.problems);
      if ('problems' in parsed || problems.length > 0) {
        const text = problems
          .map(({ at, problem }) => (at === '' ? problem : `${at}: ${problem}`))
          .join('\n');
        throw new ConnectError(text, Code.InvalidArgument);
      }
      const { flow } = parsed;
      const saved = await library.save(tenantId, {
        flowId,
        title: title.trim() === '' ? flow.title : title.trim(),
        definition,
        flow,
        afterVersion,
      });
      if (saved === 'outdated')
        throw new ConnectError('the flow has a newer version: begin from that one', Code.Aborted);
      return create(flows.SaveFlowResponseSchema, { flow: flowOf(saved) });
    },

    checkFlow({ definition }, ctx) {
      tenantOf(ctx);
      const parsed = parseFlow(definition);
      const problems = 'problems' in parsed ? parsed.problems : [];
      return create(flows.CheckFlowResponseSchema, { problems: problems.map((one) => ({ ...one })) });
    },
  };
}

function flowOf(stored: StoredFlow): flows.Flow {
  const { flowId, version, title, definition, readyMade, savedAt, flow } = stored;
  return create(flows.FlowSchema, {
    flowId,
    version,
    title,
    definition,
    readyMade,
    ...(savedAt ? { savedAt: timestampFromDate(savedAt) } : {}),
    languages: [...flow.languages],
    needs: needsOf(flow),
    leavesVoicemail: messageOf(flow) !== undefined,
  });
}
