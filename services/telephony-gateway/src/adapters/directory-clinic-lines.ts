import { Code, ConnectError } from '@connectrpc/connect';
import { directory } from '@wardline/contracts';
import { createRpcClient, type ServiceTokens } from '@wardline/rpc';
import type { ClinicLines, Lines } from '../ports/clinic-lines.ts';

/** A caller hears it ring meanwhile. */
const DEADLINE_MS = 1_500;
/** A clinic that changes its transfer number waits this long for it to hold. */
const FRESH_MS = 30_000;
const CACHED_MAX = 1_000;

/** The directory by RPC; what it said last about a clinic stands in when it does not answer. */
export function createDirectoryClinicLines(o: {
  baseUrl: string;
  tokens: ServiceTokens;
  now: () => number;
  /** Default 1,500. */
  deadlineMs?: number;
}): ClinicLines & { close(): void } {
  const client = createRpcClient(directory.DirectoryService, {
    baseUrl: o.baseUrl,
    callee: 'directory',
    tokens: o.tokens,
    defaultDeadlineMs: o.deadlineMs ?? DEADLINE_MS,
  });
  const known = new Map<string, { lines: Lines; at: number }>();

  async function ask(tenantId: string, clinicId: string): Promise<Lines> {
    const { clinic } = await client.forTenant(tenantId).getClinic({ clinicId });
    if (!clinic) throw new Error('the directory answered without a clinic');
    return {
      name: clinic.name,
      language: clinic.language || 'en-US',
      number: clinic.numbers[0],
      transferNumber: clinic.transferNumber || undefined,
      emergencyNumber: clinic.emergencyNumber || clinic.transferNumber || undefined,
    };
  }

  return {
    async resolve(number) {
      try {
        const { tenantId, clinicId } = await client.withoutTenant().resolveNumber({ number });
        return tenantId === '' || clinicId === '' ? undefined : { tenantId, clinicId };
      } catch (error) {
        // INVALID_ARGUMENT: the carrier named something that is no number, such as "anonymous"; no clinic has it.
        const { code } = ConnectError.from(error);
        if (code === Code.NotFound || code === Code.InvalidArgument) return undefined;
        throw error;
      }
    },
    async linesOf(tenantId, clinicId) {
      const key = `${tenantId} ${clinicId}`;
      const last = known.get(key);
      if (last && o.now() - last.at < FRESH_MS) return last.lines;
      try {
        const lines = await ask(tenantId, clinicId);
        if (known.size >= CACHED_MAX) known.clear();
        known.set(key, { lines, at: o.now() });
        return lines;
      } catch (error) {
        if (last) return last.lines;
        throw error;
      }
    },
    close: () => client.close(),
  };
}
