import type { DescService } from '@bufbuild/protobuf';
import { createRpcClient, type RpcClient } from '../rpc-client.ts';
import { createServiceTokens } from '../service-tokens.ts';

export interface TestClients<S extends DescService> {
  /** A client that calls in the name of this service. */
  clientAs(caller: string): RpcClient<S>;
  /** Ends all that were made. */
  close(): void;
}

/** Clients of a service that runs on this machine, for whichever services a test speaks for. */
export function createTestClients<S extends DescService>(
  service: S,
  o: {
    /** The name of the called service. */
    readonly callee: string;
    /** The installation's shared secret, base64. */
    readonly serviceKey: string;
    /** Asked for each client, because a service that was started anew has another one. */
    readonly port: () => number;
    readonly defaultDeadlineMs?: number;
  },
): TestClients<S> {
  const made: RpcClient<S>[] = [];
  return {
    clientAs(caller) {
      const client = createRpcClient(service, {
        baseUrl: `http://127.0.0.1:${String(o.port())}`,
        callee: o.callee,
        tokens: createServiceTokens({ key: o.serviceKey, service: caller }),
        ...(o.defaultDeadlineMs === undefined ? {} : { defaultDeadlineMs: o.defaultDeadlineMs }),
      });
      made.push(client);
      return client;
    },
    close: () => made.splice(0).forEach((client) => client.close()),
  };
}
