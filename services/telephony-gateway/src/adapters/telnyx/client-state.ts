import { z } from 'zod';

const shape = z.object({ call: z.guid() });

/** What the carrier quotes in every word about a leg that we dialled: base64 of JSON. */
export function clientStateOf(callId: string): string {
  return Buffer.from(JSON.stringify({ call: callId })).toString('base64');
}

/** The call of a client state that `clientStateOf` made; undefined for any other. */
export function callIdOf(clientState: string | null | undefined): string | undefined {
  if (!clientState) return undefined;
  try {
    return shape.safeParse(JSON.parse(Buffer.from(clientState, 'base64').toString('utf8'))).data?.call;
  } catch {
    return undefined; // Not of a dial: legs that called us carry another state.
  }
}
