import { redact } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import type { By, ManagedAccount, Proof } from './platform.ts';

/** The password of a proof; a `misconfigured` Fault where it is a key. */
export const passwordOf = (proof: Proof): Secret => {
  if (proof.kind === 'password') return proof.password;
  throw new Fault('misconfigured', 'This platform takes a password, not a key.');
};

/** Throws a `misconfigured` Fault for what would end a line, or be a key on a terminal. */
export const checkPassword = (password: Secret): void => {
  if (/^[^\p{Cc}]{1,256}$/u.test(password.reveal())) return;
  throw new Fault('misconfigured', 'A password has 1 to 256 characters, and no control characters.');
};

/** Who signs in to make a change, and with what. */
export const signsIn = (account: ManagedAccount, by: By): { account: ManagedAccount; proof: Proof } =>
  by.kind === 'self' ? { account, proof: by.proof } : { account: by.account, proof: by.proof };

/** What a system said, without these secrets in any length, and without whatever else looks like one. */
export const withoutSecrets = (text: string, proofs: readonly Proof[]): string => {
  let safe = text;
  for (const proof of proofs)
    if (proof.kind === 'password') safe = safe.replaceAll(proof.password.reveal(), '[secret]');
  return redact(safe);
};

/** Of the account's name, or throws a `misconfigured` Fault that says what a name looks like. */
export const checkName = (name: string, shape: RegExp, words: string): void => {
  if (!shape.test(name)) throw new Fault('misconfigured', `The account's name is not one of this platform: ${words}`);
};
