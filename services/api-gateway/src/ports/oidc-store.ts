/** What the provider remembers of one thing: a session, a code, a grant, a refresh token. */
export interface OidcRecord {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly consumedAt: Date | undefined;
}

/**
 * Where the provider's memory lives, shared by all instances. Ids are secrets: whoever knows that of a session has it.
 * Fake: `MemoryOidcRecords` in testing/.
 */
export interface OidcRecords {
  put(
    model: string,
    id: string,
    record: { readonly payload: Readonly<Record<string, unknown>>; readonly expiresAt: Date },
  ): Promise<void>;
  /** Undefined when there is none, or not any more. */
  find(model: string, id: string): Promise<OidcRecord | undefined>;
  findByUid(model: string, uid: string): Promise<OidcRecord | undefined>;
  /** False when it was consumed already: of two who come at once, one is told so. */
  consume(model: string, id: string): Promise<boolean>;
  remove(model: string, id: string): Promise<void>;
  removeGrant(grantId: string): Promise<void>;
}

/** A private key as JWK, or a secret of cookies. */
export interface OidcKey {
  readonly keyId: string;
  readonly purpose: 'token' | 'cookie';
  readonly secret: string;
  readonly createdAt: Date;
  /** Absent while it is not rotated out. */
  readonly verifiesUntil: Date | undefined;
}

/** Where keys live, sealed, shared by all instances. Fake: `MemoryOidcKeys` in testing/. */
export interface OidcKeys {
  /** Those that still verify, newest first. */
  list(now: Date): Promise<readonly OidcKey[]>;
  /**
   * In one step for all instances: looks at the keys that still verify, and does what `plan` makes of them. Two instances
   * that start at once make one key, not two.
   */
  change(
    now: Date,
    plan: (keys: readonly OidcKey[]) => {
      readonly add: readonly OidcKey[];
      /** Ends of present keys, by id. */
      readonly end: ReadonlyMap<string, Date>;
    },
  ): Promise<void>;
}
