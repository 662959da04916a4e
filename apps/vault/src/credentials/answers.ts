import { problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { Credential as Shape } from '../api/credentials.ts';
import type { ListedCredential } from './list.ts';
import type { Credential } from './model.ts';

/** A credential as it is answered. Named member by member: what is added to a row later is not answered by itself. */
const shown = (credential: Credential) => {
  const { credentialId, systemId, systemName, systemKind, namespace, accountName, instanceName, type } = credential;
  const { isRandom, autoSpin, comment, assetTag, secretId, secretAt, verifiedAt, isVerified } = credential;
  return {
    ...{ credentialId, systemId, systemName, systemKind, namespace, accountName, instanceName, type, isRandom },
    ...{ autoSpin, comment, assetTag, hasSecret: secretId !== null, isVerified },
    secretAt: secretAt?.toISOString() ?? null,
    verifiedAt: verifiedAt?.toISOString() ?? null,
  };
};

export const toCredential = (credential: ListedCredential | null): z.input<typeof Shape> => {
  if (credential === null) throw problems.notFound();
  return { ...shown(credential), policyId: credential.policyId, formerSecrets: credential.formerSecrets };
};

export { shown as toShown };
