import { Code, ConnectError } from '@connectrpc/connect';
import type { campaigns } from '@wardline/contracts';
import type { RpcClient } from '@wardline/rpc';
import { createRpcCampaignDesk } from './campaign-desk.ts';

/** Answers with each of these in turn. */
function deskThat(...answers: readonly (Code | 'answers')[]) {
  const rest = [...answers];
  const getAttempt = async () => {
    const next = rest.shift();
    if (next !== 'answers') throw new ConnectError('no', next ?? Code.Internal);
    return { campaignId: 'c1', appointmentId: '', language: '' };
  };
  const client = { forTenant: () => ({ getAttempt }) };
  return createRpcCampaignDesk(client as unknown as RpcClient<typeof campaigns.DiallingService>);
}

it('waits for a campaigns that is away for a moment', async () => {
  const desk = deskThat(Code.Unavailable, Code.Unavailable, Code.DeadlineExceeded, 'answers');
  expect(await desk.attempt('t', 'a')).toMatchObject({ campaignId: 'c1', language: 'en' });
});

it('takes a refusal for one', async () => {
  await expect(deskThat(Code.NotFound, 'answers').attempt('t', 'a')).rejects.toMatchObject({
    code: Code.NotFound,
  });
});
