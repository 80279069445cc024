import type { Flow } from '../domain/script/flow.ts';

export interface StoredFlow {
  readonly flowId: string;
  readonly version: number;
  readonly title: string;
  /** JSON, as it was saved. */
  readonly definition: string;
  readonly flow: Flow;
  readonly readyMade: boolean;
  readonly savedAt: Date | undefined;
}

/** The scripts of a hospital: the ready ones, and those that it saved. A version never changes. Fake: `FakeFlowLibrary`. */
export interface FlowLibrary {
  /** By id, the newest version of each. */
  list(tenantId: string): Promise<StoredFlow[]>;
  /** `version` 0: the newest. Undefined for an unknown one. */
  get(tenantId: string, flowId: string, version: number): Promise<StoredFlow | undefined>;
  /** Makes the version after `afterVersion`, or answers that this is not the newest (0: there is none yet). */
  save(
    tenantId: string,
    o: { flowId: string; title: string; definition: string; flow: Flow; afterVersion: number },
  ): Promise<StoredFlow | 'outdated'>;
}
