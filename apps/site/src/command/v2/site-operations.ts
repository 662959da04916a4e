import { hostname } from 'node:os';
import { writeTime } from '../../api/shape.ts';
import { apiAccounts } from '../../api-accounts/index.ts';
import type { Operation } from '../../configuration/index.ts';
import { findObject, Refusal } from '../../objects/index.ts';
import { getApplianceId } from '../../options/index.ts';
import { type ConnectedClient, listClients } from '../clients.ts';
import { apiVersion, type CommandParts } from '../command-parts.ts';
import { noFailover } from '../no-failover.ts';
import * as schemas from './schemas.ts';

const types = {
  representative: 'access_console',
  support_customer: 'support_customer',
  pinned_client: 'asset_client',
} as const satisfies Record<ConnectedClient['type'], schemas.ClientType>;
const typeOf = ({ type }: ConnectedClient): schemas.ClientType => types[type];

const query = { type: schemas.ClientType };

/** Operations about the site, and about what is connected to it. */
export const siteOperations = ({ version, baseUrl }: CommandParts): readonly Operation[] => [
  {
    ...{ method: 'GET', path: '/info', needs: 'read_only', status: 200, answers: schemas.Info },
    summary: 'What the API account may do, and the versions of the APIs.',
    run: async ({ tx, accountId, now }) => {
      const account = (await findObject(tx, { kind: apiAccounts }, accountId)) ?? {};
      return {
        body: {
          permissions: Object.fromEntries(Object.entries(account).filter(([name]) => name.startsWith('perm_'))),
          current_time: writeTime(now),
          ...{ command_api_version: '2.0.0', config_api_version: '1.10', reporting_api_version: apiVersion },
          // This one is not served.
          backup_api_version: null,
          // As for every other API of this site.
          product: 'pra',
        },
      };
    },
  },
  {
    ...{ method: 'GET', path: '/health', needs: 'read_only', status: 200, answers: schemas.Health },
    summary: 'Whether the site works.',
    run: async ({ tx }) => ({
      body: {
        ...{ version, build: version, appliance_hostname: new URL(baseUrl()).hostname },
        ...{ appliance_id: await getApplianceId(tx), cluster_role: 'single', failover_role: 'none' },
        ...{ enabled_shared_ips: [], last_data_sync: null, last_data_sync_status: null },
      },
    }),
  },
  {
    ...{ method: 'GET', path: '/appliance', needs: 'read_only', status: 200, answers: schemas.Appliance, list: true },
    summary: 'The appliances of the site: itself.',
    run: async ({ tx, now }) => ({
      body: [
        {
          ...{ id: await getApplianceId(tx), name: hostname(), public_hostname: new URL(baseUrl()).hostname },
          ...{ cluster_role: 'single', failover_role: 'none', accepting_connections: true },
          timezone_offset: now.getTimezoneOffset() * -60,
        },
      ],
    }),
  },
  {
    ...{ method: 'GET', path: '/appliance/client-count', needs: 'read_only', status: 200, query },
    ...{ summary: 'How many clients of each type are connected.', answers: schemas.ClientCount, list: true },
    run: async ({ tx, now, query: { type } }) => {
      const clients = await listClients(tx, now);
      const types = schemas.ClientType.options.filter((one) => type === undefined || one === type);
      return {
        body: types.map((one) => ({ type: one, count: clients.filter((client) => typeOf(client) === one).length })),
      };
    },
  },
  {
    ...{ method: 'GET', path: '/client', needs: 'read_only', status: 200, query, paged: true, list: true },
    ...{ summary: 'What is connected to the site.', answers: schemas.Client },
    run: async ({ tx, now, query: { type }, page: { limit, offset } }) => {
      const clients = (await listClients(tx, now)).filter((one) => type === undefined || typeOf(one) === type);
      return { body: clients.slice(offset, offset + limit).map(toClient), total: clients.length };
    },
  },
  {
    ...{ method: 'GET', path: '/client/{client_id}', needs: 'read_only', status: 200, answers: schemas.Client },
    summary: 'One client.',
    run: async ({ tx, now, names }) => {
      const found = (await listClients(tx, now)).find(({ id }) => id === names.client_id);
      return found === undefined ? null : { body: toClient(found) };
    },
  },
  {
    ...{ method: 'GET', path: '/client/{client_id}/connections', needs: 'read_only', status: 200, list: true },
    ...{ summary: 'When a client connected.', answers: schemas.Connection },
    run: async ({ tx, now, names }) => {
      const found = (await listClients(tx, now)).find(({ id }) => id === names.client_id);
      if (found === undefined) return null;
      return { body: [{ type: 'connected', timestamp: writeTime(found.since), address: found.address }] };
    },
  },
  {
    ...{ method: 'POST', path: '/failover-role', needs: 'full_access', status: 200, body: schemas.FailoverInput },
    ...{ summary: 'Refused: this site has no failover role.', answers: schemas.Message },
    run: async () => {
      throw new Refusal([], noFailover);
    },
  },
];

const toClient = (client: ConnectedClient) => ({
  ...{ id: client.id, type: typeOf(client), name: client.name, hostname: client.hostname },
  ...{ operating_system: client.operatingSystem, connected_since: writeTime(client.since) },
});
