import { randomBytes, randomUUID } from 'node:crypto';
import type { Conduct } from '../domain/callee.ts';
import type { Leg } from '../domain/leg.ts';
import type { StreamingBody } from './call-commands.ts';
import type { MachineDetection } from './machine-detection.ts';

export const newLeg = (
  o: Pick<Leg, 'direction' | 'from' | 'to'> & {
    callSessionId?: string;
    clientState?: string | undefined;
    webhookUrl?: string | undefined;
    connectionId?: string;
  },
): Leg => ({
  callControlId: `v3:${randomBytes(36).toString('base64url')}`,
  callLegId: randomUUID(),
  callSessionId: o.callSessionId ?? randomUUID(),
  connectionId: o.connectionId ?? '1494404757140276705',
  direction: o.direction,
  from: o.from,
  to: o.to,
  startedAt: new Date(),
  state: 'ringing',
  clientState: o.clientState,
  webhookUrl: o.webhookUrl,
});

/** A leg that the platform has dialled. */
export interface DialledLeg {
  readonly conduct: Conduct;
  readonly timeoutMs: number;
  readonly timeoutCause: 'timeout' | 'no_answer';
  readonly timeLimitMs: number;
  readonly stream: StreamingBody;
  readonly detection: MachineDetection;
  /** Whoever is called knows what to say; before that they do not pick up. */
  readonly isReady: () => boolean;
}
