import type { CallBackList, ListedCallBack } from '../ports/call-back-list.ts';
import type { Clock } from '../ports/clock.ts';

/** A person of the clinic has called back; the first to say so stays. Undefined when there is no such entry. */
export type CompleteCallBack = (
  tenantId: string,
  o: { callBackId: string; userId: string; name: string },
) => Promise<ListedCallBack | undefined>;

export function createCompleteCallBack(deps: {
  callBacks: Pick<CallBackList, 'complete'>;
  clock: Clock;
}): CompleteCallBack {
  return (tenantId, o) => deps.callBacks.complete(tenantId, { ...o, at: deps.clock.now() });
}
