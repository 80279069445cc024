/** What an integrator needs to read a hospital's topic; shown once. */
export interface TenantTopicGrant {
  readonly username: string;
  readonly password: string;
  readonly topic: string;
  readonly groupPrefix: string;
}

/**
 * The Kafka cluster as far as access of integrators goes. Every call may be repeated. Fake: `FakeTenantTopicCluster`.
 *
 * @throws TenantTopicsUnavailable when the cluster is away, or cannot do it as it is configured
 */
export interface TenantTopicCluster {
  ensureTopic(topic: string): Promise<void>;
  /** Makes the user, with exactly the right to read this topic and to use groups with this prefix. */
  grant(grant: TenantTopicGrant): Promise<void>;
  /** Takes rights and user away; open connections lose them at once. */
  revoke(username: string): Promise<void>;
}

export class TenantTopicsUnavailable extends Error {
  readonly code:
    | 'kafka-not-configured'
    | 'kafka-without-sasl'
    | 'kafka-without-acls'
    /** Our own user may not do this. */
    | 'kafka-refuses'
    /** Nobody answers, or not in time. The only one that passes by itself. */
    | 'kafka-away';

  constructor(code: TenantTopicsUnavailable['code'], advice: string, o?: { cause: unknown }) {
    super(advice, o);
    this.code = code;
  }
}
