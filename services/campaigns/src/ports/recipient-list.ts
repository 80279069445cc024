import type { Personal } from '@wardline/personal-data';
import type { CallPlan } from '../domain/plan.ts';
import type { AttemptResult, RecipientResult } from '../domain/results.ts';

export type RecipientState = 'waiting' | 'queued' | 'live' | 'settled';

export interface RecipientView {
  readonly recipientId: string;
  readonly name: Personal;
  readonly number: Personal;
  readonly externalId: Personal | undefined;
  readonly timeZone: string;
  readonly appointmentId: string | undefined;
  readonly patientId: string | undefined;
  readonly state: RecipientState;
  readonly result: RecipientResult | undefined;
  readonly reason: string;
  readonly attempts: number;
  readonly nextCallAtMs: number | undefined;
  /** Calls that were dialled, newest first. */
  readonly calls: readonly {
    readonly attemptId: string;
    readonly callId: string;
    readonly dialledAtMs: number;
    readonly result: AttemptResult | undefined;
  }[];
}

export interface DryRunView extends Omit<CallPlan, 'opensAtMs'> {
  readonly callable: number;
  readonly notCallable: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly sample: readonly {
    readonly recipientId: string;
    readonly name: Personal;
    readonly number: Personal;
    readonly timeZone: string;
    readonly callAtMs: number | undefined;
    readonly reason: string;
  }[];
}

/** Recipients as people look at them. */
export interface RecipientList {
  /** In the order of the file; undefined for an unknown campaign. */
  list(
    tenantId: string,
    o: {
      campaignId: string;
      state: RecipientState | undefined;
      result: RecipientResult | undefined;
      limit: number;
      afterId: string | undefined;
    },
  ): Promise<RecipientView[] | undefined>;
  /** Who would be called when, and who not, if it were started now. */
  dryRun(
    tenantId: string,
    o: { campaignId: string; limit: number; nowMs: number },
  ): Promise<DryRunView | undefined>;
}
