import type { Caveat } from '@gatehouse/connector-kit';
import { Fault, toFault } from '@gatehouse/kernel';
import type { OktaClient } from './client.ts';
import { assigneesPath } from './role-assignments.ts';
import { grantAdvice, type Scope, scopes } from './scopes.ts';

/** One cheap request for each scope that does not ask for more than the read-only role, in the order of trying. */
const probes: readonly (readonly [Scope, string])[] = [
  ['okta.users.read', '/api/v1/users?limit=1&fields=id'],
  ['okta.groups.read', '/api/v1/groups?limit=1'],
  ['okta.apps.read', '/api/v1/apps?limit=1'],
  ['okta.policies.read', '/api/v1/policies?type=OKTA_SIGN_ON&limit=1'],
  ['okta.logs.read', '/api/v1/logs?limit=1'],
  ['okta.idps.read', '/api/v1/idps?limit=1'],
  ['okta.networkZones.read', '/api/v1/zones?limit=1'],
  ['okta.apiTokens.read', '/api/v1/api-tokens'],
];

/**
 * Signs in, reads one thing, and says what is missing for the rest. A Fault when nothing can be read at all; a caveat
 * for scopes that are not granted, for the admin role that shows administrators, and for a clock that is wrong here.
 */
export const check = async (client: OktaClient): Promise<readonly Caveat[]> => {
  const missing = await client.session.missing();
  if (missing.length === scopes.length) throw new Fault('forbidden', grantAdvice(missing));
  await readAnything(client, missing);
  const caveats: Caveat[] = [];
  if (missing.length > 0) {
    caveats.push({ code: 'scopes-missing', advice: `${grantAdvice(missing)} What needs them is not read until then.` });
  }
  if (!missing.includes('okta.roles.read')) caveats.push(...(await roleCaveats(client)));
  caveats.push(...skewCaveats(client));
  return caveats;
};

/** One stream that cannot be read is that stream's trouble; nothing that can be read is the connection's. */
const readAnything = async (client: OktaClient, missing: readonly Scope[]): Promise<void> => {
  let first: unknown = null;
  for (const [scope, path] of probes) {
    if (missing.includes(scope)) continue;
    try {
      return await client.probe(path);
    } catch (error) {
      if (!['forbidden', 'unexpected'].includes(toFault(error).kind)) throw error;
      first ??= error;
    }
  }
  if (first !== null) throw first;
};

const roleCaveats = async (client: OktaClient): Promise<readonly Caveat[]> => {
  try {
    await client.probe(assigneesPath.replace('limit=100', 'limit=1'));
    return [];
  } catch (error) {
    const { kind, advice } = toFault(error);
    // Anything strange is for the stream itself to say.
    if (kind === 'unexpected') return [];
    if (kind !== 'forbidden') throw error;
    return [{ code: 'admin-role-missing', advice }];
  }
};

const skewCaveats = ({ tokens }: OktaClient): readonly Caveat[] => {
  const minutes = Math.round(tokens.skewMs() / 60_000);
  if (Math.abs(tokens.skewMs()) <= 5 * 60_000) return [];
  const how = minutes > 0 ? `${minutes} minutes behind` : `${-minutes} minutes ahead of`;
  return [
    {
      code: 'clock-skew',
      advice: `The clock of this server is ${how} Okta’s. Signing in works because it is corrected for; set the clock right all the same.`,
    },
  ];
};
