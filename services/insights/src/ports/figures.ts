import type { CallFigures } from '../domain/call-figures.ts';
import type { Fact } from '../domain/facts.ts';

/** A fact with the event that it is of. */
export interface ReceivedFact {
  readonly eventId: string;
  readonly traceparent: string;
  readonly fact: Fact;
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface CampaignSums {
  readonly recipients: number;
  readonly called: number;
  readonly answered: number;
  readonly decided: number;
  readonly calls: number;
  readonly callsAnswered: number;
  readonly results: readonly Count[];
  readonly talkSeconds: number;
  /** Undefined without a scored call. */
  readonly scoreMean: number | undefined;
}

export interface SummaryQuery {
  /** Undefined: of all clinics. */
  readonly clinicId: string | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

export interface Summary {
  readonly calls: number;
  /** How they ended; adds up to `calls`. */
  readonly outcomes: readonly Count[];
  readonly talkSeconds: number;
  /** Over all measured turns; undefined without one. */
  readonly responseMsP50: number | undefined;
  readonly responseMsP95: number | undefined;
  readonly secondsToHumanP50: number | undefined;
  readonly scoreMean: number | undefined;
}

export interface Rebuilt {
  readonly facts: number;
  readonly calls: number;
  readonly campaigns: number;
  /** Calls and campaigns whose figures were not what the facts say. */
  readonly differed: number;
}

/** Takes facts in and makes figures of them, seen through one tenant. */
export interface FactLog {
  /**
   * Appends what was not received before, makes the figures it concerns anew, and tells the scores that follow, in one
   * transaction.
   */
  receive(tenantId: string, facts: readonly ReceivedFact[]): Promise<void>;
  /** Scores calls whose conversation was not reported, unless it has been meanwhile. */
  endGrace(tenantId: string, callIds: readonly string[]): Promise<number>;
  /** Calls of all tenants that have ended before then and still wait for the report of their conversation. */
  awaitingSince(beforeMs: number, atMost: number): Promise<{ tenantId: string; callId: string }[]>;
  /** Throws all figures of the tenant away and makes them anew. */
  rebuild(tenantId: string): Promise<Rebuilt>;
}

export interface Figures {
  /** In no particular order; those that are not known are left out. */
  calls(tenantId: string, callIds: readonly string[]): Promise<CallFigures[]>;
  /** Undefined when no event has told of it. */
  campaign(tenantId: string, campaignId: string): Promise<CampaignSums | undefined>;
  summary(tenantId: string, query: SummaryQuery): Promise<Summary>;
}
