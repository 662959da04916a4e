import type { Caveat } from '@gatehouse/connector-kit';
import { toFault } from '@gatehouse/kernel';
import type { PasswordSafeClient } from './client.ts';

/** One list for each feature that the run-as user may have, in the order of trying. */
const probes = [
  '/Roles',
  '/UserGroups',
  '/ManagedSystems?limit=1&offset=0',
  '/Workgroups',
  '/UserAudits?limit=1&offset=0',
];

/** Signs in and reads one thing. A Fault when nothing can be read at all; what single lists need, they say themselves. */
export const check = async (client: PasswordSafeClient): Promise<readonly Caveat[]> => {
  // Apart from what follows, which tries again: each failed attempt to sign in counts against the user.
  await client.signIn();
  await readAnything(client);
  const { protocol, hostname } = new URL(client.base);
  return protocol === 'https:' || isThisMachine(hostname)
    ? []
    : [
        {
          code: 'unencrypted',
          advice: 'The API key travels in the clear. Enter the address with https.',
        },
      ];
};

const isThisMachine = (hostname: string) => hostname === 'localhost' || /^127\./.test(hostname) || hostname === '[::1]';

const readAnything = async (client: PasswordSafeClient): Promise<void> => {
  let first: unknown = null;
  for (const path of probes) {
    try {
      return await client.probe(path);
    } catch (error) {
      if (!['forbidden', 'unexpected'].includes(toFault(error).kind)) throw error;
      first ??= error;
    }
  }
  throw first;
};
