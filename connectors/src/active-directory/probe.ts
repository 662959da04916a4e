import type { DirectoryClient } from './client.ts';

export const needsDirectory = 'a domain account (the rights of Domain Users)';

/** The cheapest search that shows whether a kind of object can be read; below `base`, else in the whole domain. */
export const probeDirectory = async (client: DirectoryClient, filter: string, base?: string): Promise<void> => {
  const { root } = await client.forest();
  const query = { base: base ?? root.defaultNamingContext, scope: 'sub' as const, filter, attributes: ['objectGUID'] };
  for await (const _ of client.ldap.search({ ...query, controls: { pageSize: 1 } })) return;
};
