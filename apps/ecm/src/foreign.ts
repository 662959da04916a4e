import { Fault, faults, Secret, toFault } from '@gatehouse/kernel';
import type { HandedCredential } from '@gatehouse/remote-access/ecm';
import type { Credential } from '@gatehouse/vault-kit';

/**
 * A plugin from the folder of plugins is a bundle with classes of its own: its Faults and Secrets look like ours and are
 * none to `instanceof`. Here they become ours; what is no Fault is a defect.
 */
export const ownFault = (error: unknown): Fault => {
  if (error instanceof Fault) return error;
  if (error instanceof Error && error.name === 'Fault' && 'kind' in error && 'advice' in error) {
    const { kind, advice } = error;
    const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : undefined;
    if (isKind(kind) && typeof advice === 'string') return new Fault(kind, advice, detail, { cause: error });
  }
  return toFault(error);
};

export const isUnauthorized = (error: unknown): boolean => ownFault(error).kind === 'unauthorized';

const isKind = (kind: unknown): kind is Fault['kind'] => typeof kind === 'string' && Object.hasOwn(faults, kind);

/** The same credential, with secrets that our sealing knows for what they are. */
export const toHanded = (credential: Credential): HandedCredential => {
  const own = (secret: Secret) => new Secret(secret.reveal());
  switch (credential.kind) {
    case 'password':
      return { ...credential, password: own(credential.password) };
    case 'ssh-key': {
      const { privateKey, passphrase } = credential;
      return { ...credential, privateKey: own(privateKey), passphrase: passphrase === null ? null : own(passphrase) };
    }
    case 'ssh-certificate':
      return { ...credential, privateKey: own(credential.privateKey) };
  }
};
