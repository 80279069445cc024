/** What a hospital lets an integrator have. Webhooks have more to them; streams and Kafka access are only this. */
export interface IntegratorSubscription {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: 'stream' | 'kafka';
  readonly name: string;
  readonly topics: readonly string[];
  /** Whether personal fields are opened for it; without, they are left out altogether. */
  readonly personal: boolean;
  readonly state: 'active' | 'paused' | 'disabled';
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** Names of its users on the Kafka cluster: the last is the present one, others are about to be taken away. */
  readonly kafkaUsers: readonly string[];
}

/** The topics asked for, each once, in the order of the declaration; or those that nobody may have. */
export function topicsFor(
  asked: readonly string[],
  offered: readonly string[],
): { readonly topics: readonly string[]; readonly refused: readonly string[] } {
  const wanted = new Set(asked);
  return {
    topics: offered.filter((name) => wanted.has(name)),
    refused: [...wanted].filter((name) => !offered.includes(name)),
  };
}

/** Whether a subscription's access is open at this moment. */
export function isOpen(
  subscription: Pick<IntegratorSubscription, 'state' | 'expiresAt'>,
  now: Date,
): boolean {
  return subscription.state === 'active' && (subscription.expiresAt === null || subscription.expiresAt > now);
}
