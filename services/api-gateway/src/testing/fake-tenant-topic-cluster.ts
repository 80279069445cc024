import type { TenantTopicCluster, TenantTopicGrant } from '../ports/tenant-topic-cluster.ts';

/** Fake of `TenantTopicCluster`: remembers topics and users. `failNext` makes the next calls of one kind fail. */
export class FakeTenantTopicCluster implements TenantTopicCluster {
  readonly topics = new Set<string>();
  readonly users = new Map<string, TenantTopicGrant>();
  readonly #failing: ('ensureTopic' | 'grant' | 'revoke')[] = [];

  failNext(...calls: ('ensureTopic' | 'grant' | 'revoke')[]): void {
    this.#failing.push(...calls);
  }

  async ensureTopic(topic: string): Promise<void> {
    this.#fail('ensureTopic');
    this.topics.add(topic);
  }

  async grant(grant: TenantTopicGrant): Promise<void> {
    this.#fail('grant');
    this.users.set(grant.username, grant);
  }

  async revoke(username: string): Promise<void> {
    this.#fail('revoke');
    this.users.delete(username);
  }

  #fail(call: 'ensureTopic' | 'grant' | 'revoke'): void {
    const at = this.#failing.indexOf(call);
    if (at < 0) return;
    this.#failing.splice(at, 1);
    throw new Error(`${call} failed`);
  }
}
