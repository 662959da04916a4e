import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Credential } from '../credentials/index.ts';
import { newSshKey } from '../platforms/index.ts';
import { generatePassword, rulesOf } from '../policies/index.ts';

/** A new secret for a credential: a password by its policy, or a private key in the form of OpenSSH. */
export const newSecret = async (tx: Sql, { type, policyId, accountName }: Credential): Promise<Secret> => {
  if (type !== 'ssh_key') return generatePassword(await rulesOf(tx, policyId), { accountName });
  const proof = await newSshKey('ed25519');
  return proof.kind === 'ssh-key' ? proof.privateKey : proof.password;
};
