/** Where tokens come from, and what they are for: both are told by where the installation is reached. */
export const issuerOf = (publicUrl: string): string => `${publicUrl}/oidc`;
export const audienceOf = (publicUrl: string): string => `${publicUrl}/api`;

/** How long an access token is valid. */
export const ACCESS_TOKEN_SECONDS = 600;

/** Who signed in, and as which generation of themselves: what sessions and tokens carry. */
export interface Account {
  readonly tenantId: string;
  readonly userId: string;
  readonly generation: number;
}

/** An account as one text. */
export const accountIdOf = ({ tenantId, userId, generation }: Account): string =>
  `${tenantId}/${userId}/${generation}`;

/** Undefined for what is no account. */
export function accountOf(accountId: string): Account | undefined {
  const [tenantId, userId, generation] = accountId.split('/');
  if (!tenantId || !userId || !/^\d{1,9}$/.test(generation ?? '')) return undefined;
  return { tenantId, userId, generation: Number(generation) };
}
