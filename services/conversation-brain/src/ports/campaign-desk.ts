/** The person whom a campaign calls. */
export interface AttemptFacts {
  readonly attemptId: string;
  readonly campaignId: string;
  readonly flowId: string;
  readonly flowVersion: number;
  readonly patientName: string;
  /** Empty when the patient is not known as one. */
  readonly patientId: string;
  /** E.164. */
  readonly number: string;
  /** Undefined when the call is about none. */
  readonly appointmentId: string | undefined;
  /** BCP 47. */
  readonly language: string;
}

/** What campaigns knows of a call of ours. Fake: `FakeCampaignDesk`. */
export interface CampaignDesk {
  /** @throws when it cannot be told: whoever does not know whom they call says nothing */
  attempt(tenantId: string, attemptId: string): Promise<AttemptFacts>;
}
