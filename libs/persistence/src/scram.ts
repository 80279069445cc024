import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/**
 * The verifier PostgreSQL stores for a SCRAM-SHA-256 password (RFC 5802 §3, format of `pg_authid.rolpassword`). Sending
 * it instead of the password keeps the password out of the server's logs and statistics.
 *
 * @throws RangeError when the password has other than printable ASCII, for which SASLprep would be needed.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16), iterations = 4096): string {
  if (!/^[\x21-\x7e]{8,}$/.test(password)) {
    throw new RangeError('a role password needs at least 8 printable ASCII characters without spaces');
  }
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
