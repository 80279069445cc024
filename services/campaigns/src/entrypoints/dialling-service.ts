import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { ConnectRouter } from '@connectrpc/connect';
import { campaigns } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { tenantOf } from '@wardline/rpc';
import { authoriseDial } from '../app/authorise-dial.ts';
import type { DialQueue } from '../ports/dial-queue.ts';
import type { Outreach } from '../ports/outreach.ts';
import { notFound, uuidOf } from './request-checks.ts';

const { DiallingService } = campaigns;

/** Which services may ask. */
export const diallingAllow = {
  [`${DiallingService.typeName}/AuthorizeDial`]: ['telephony-gateway'],
  [`${DiallingService.typeName}/GetAttempt`]: ['telephony-gateway', 'conversation-brain'],
};

export function diallingRoutes(deps: {
  queue: DialQueue;
  outreach: Outreach;
  now: () => number;
  logger: Logger;
}): (router: ConnectRouter) => void {
  return (router) => {
    router.service(DiallingService, {
      async authorizeDial({ attemptId }, ctx) {
        const key = { tenantId: tenantOf(ctx), attemptId: uuidOf('attempt_id', attemptId) };
        const answer = await authoriseDial(deps, key);
        if (!answer.facts || answer.kind === 'refused')
          return { allowed: false, reason: answer.kind === 'refused' ? answer.reason : 'over' };
        const { facts } = answer;
        return {
          allowed: true,
          callId: facts.callId,
          to: facts.number.reveal(),
          clinicId: facts.clinicId,
          campaignId: facts.campaignId,
          ringTime: durationFromMs(facts.ringSeconds * 1_000),
          language: facts.language,
          leavesVoicemail: facts.leavesVoicemail,
        };
      },

      async getAttempt({ attemptId }, ctx) {
        const key = { tenantId: tenantOf(ctx), attemptId: uuidOf('attempt_id', attemptId) };
        const facts = await deps.queue.factsOf(key);
        if (!facts) throw notFound('attempt');
        return {
          attemptId: facts.attemptId,
          campaignId: facts.campaignId,
          callId: facts.callId,
          clinicId: facts.clinicId,
          flowId: facts.flowId,
          flowVersion: facts.flowVersion,
          patientName: facts.patientName.reveal(),
          patientId: facts.patientId ?? '',
          number: facts.number.reveal(),
          appointmentId: facts.appointmentId ?? '',
          language: facts.language,
        };
      },
    });
  };
}
