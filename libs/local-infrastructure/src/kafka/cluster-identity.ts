import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '../errors.ts';
import { arePortsFree, freePorts } from '../free-ports.ts';
import type { KafkaCredentials } from './cluster.ts';

/** What a cluster keeps over a stop: its name, its ports and, with passwords, its superuser. */
export interface ClusterIdentity {
  readonly clusterId: string;
  readonly superuser: KafkaCredentials | null;
  readonly ports: readonly number[];
}

/**
 * The ports are kept as well where they are still free: nodes that come back look for each other where they were, and lose
 * time when they are not there.
 */
export async function identityIn(
  dir: string,
  wanted: { sasl: boolean; ports: number },
): Promise<ClusterIdentity> {
  const file = path.join(dir, 'cluster.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterIdentity) : undefined;
  if (kept && wanted.sasl !== (kept.superuser !== null)) {
    throw new InfrastructureError(
      'infrastructure-start-failed',
      `the Kafka data in ${dir} was made ${kept.superuser ? 'with' : 'without'} passwords; use another folder`,
    );
  }
  const superuser = { mechanism: 'scram-sha-512', username: 'admin' } as const;
  const password = randomBytes(18).toString('base64url');
  const portsFit = kept?.ports?.length === wanted.ports && (await arePortsFree(kept.ports));
  const identity: ClusterIdentity = {
    clusterId: kept?.clusterId ?? newClusterId(),
    superuser: kept ? kept.superuser : wanted.sasl ? { ...superuser, password } : null,
    ports: portsFit ? kept.ports : await freePorts(wanted.ports),
  };
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 });
  return identity;
}

/** 16 bytes as Kafka writes them. One in 64 would begin with a hyphen, which its tools take for another option. */
export function newClusterId(random: () => Buffer = () => randomBytes(16)): string {
  for (;;) {
    const id = random().toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
