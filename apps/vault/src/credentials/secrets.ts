import type { Sql } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import type { z } from 'zod';
import type { SecretInput } from '../api/credentials.ts';
import type { Envelope } from '../keys/index.ts';
import { generatePassword, rulesOf } from '../policies/index.ts';
import { invalid } from '../problems.ts';
import type { Credential, CredentialType } from './model.ts';
import { storeSecret } from './store.ts';
import { setRandom } from './write.ts';

/**
 * Gives a credential the secret that was entered, or one that its policy makes. Nobody has tried it yet.
 * @throws Problem that names the field
 */
export const storeEntered = async (
  tx: Sql,
  envelope: Envelope,
  of: Pick<Credential, 'credentialId' | 'accountName' | 'type' | 'policyId'>,
  input: z.output<typeof SecretInput>,
  at: Date,
): Promise<void> => {
  if (input.from === 'random' && of.type === 'ssh_key')
    throw invalid('secret', 'Enter the key. New ones are made when a job changes them.');
  const secret =
    input.from === 'random'
      ? generatePassword(await rulesOf(tx, of.policyId), { accountName: of.accountName })
      : new Secret(input.value);
  const refused = refuseSecret(of.type, secret);
  if (refused !== null) throw invalid('secret', refused);
  await storeGiven(tx, envelope, { credentialId: of.credentialId, secret, isRandom: input.from === 'random' }, at);
};

/** Gives a credential a secret that somebody has set, or will set. Nobody has tried it yet. */
export const storeGiven = async (
  tx: Sql,
  envelope: Envelope,
  {
    credentialId,
    secret,
    isRandom,
  }: { readonly credentialId: string; readonly secret: Secret; readonly isRandom: boolean },
  at: Date,
): Promise<void> => {
  await storeSecret(tx, envelope, { credentialId, secret, at, isVerified: null });
  await setRandom(tx, credentialId, isRandom);
};

/** Why a secret is none of this type; null: it is. The words hold nothing of it. */
export const refuseSecret = (type: CredentialType, secret: Secret): string | null => {
  const text = secret.reveal();
  if (type === 'ssh_key') return isPrivateKey(secret) ? null : 'Enter a private key in PEM or OpenSSH form.';
  if (text.length > 1_000) return 'A password has at most 1000 characters.';
  return /\p{Cc}/u.test(text) ? 'A password has no line breaks or other control characters.' : null;
};

export const isPrivateKey = (secret: Secret): boolean =>
  /^\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+-----END ([A-Z]+ )?PRIVATE KEY-----\s*$/.test(secret.reveal());
