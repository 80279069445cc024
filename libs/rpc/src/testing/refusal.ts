import { ConnectError } from '@connectrpc/connect';

/**
 * The refusal that this call must end in.
 *
 * @throws Error when it succeeds
 */
export async function refusalOf(work: Promise<unknown>): Promise<ConnectError> {
  try {
    await work;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error('expected a refusal');
}
