import type { DirectoryClient } from './client.ts';

export const needsDirectory = 'a domain account (the rights of Domain Users)';

/** The cheapest search that shows whether a kind of object can be read. */
export const probeDirectory = async (client: DirectoryClient, filter: string): Promise<void> => {
  const { root } = await client.forest();
  const query = { base: root.defaultNamingContext, scope: 'sub' as const, filter, attributes: ['objectGUID'] };
  for await (const _ of client.ldap.search({ ...query, controls: { pageSize: 1 } })) return;
};
