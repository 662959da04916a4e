import { hostname } from 'node:os';
import { z } from 'zod';
import { getApplianceId, getOptions } from '../../options/index.ts';
import { BadParameters, element } from '../../xml-api/index.ts';
import { apiVersion } from '../command-parts.ts';
import { noFailover } from '../no-failover.ts';
import { defineAction } from './action.ts';

const nothing = z.object({});

export const getApiInfo = defineAction({
  ...{ name: 'get_api_info', needs: 'read_only', parameters: nothing },
  run: async ({ read, account, clock }) => {
    const { company } = await read((tx) => getOptions(tx));
    const permissions = Object.entries(account).filter(([name]) => name.startsWith('perm_'));
    return element('api_information', [
      element('api_version', apiVersion),
      // Newer appliances leave it out, and older programs read it.
      element('company_name', company),
      element('timestamp', Math.floor(clock.now().getTime() / 1_000)),
      element(
        'permissions',
        permissions.map(([name, value]) =>
          element('permission', typeof value === 'boolean' ? Number(value) : String(value), { name }),
        ),
      ),
    ]);
  },
});

export const checkHealth = defineAction({
  ...{ name: 'check_health', needs: 'read_only', parameters: nothing },
  run: async ({ read, baseUrl, version }) =>
    element('health_check', [
      element('appliance', new URL(baseUrl()).hostname, { id: await read((tx) => getApplianceId(tx)) }),
      element('version', version),
      // Without a database there is no token, so that this is not reached.
      element('success', 1),
      element('failover_role', 'none'),
    ]),
});

export const getAppliances = defineAction({
  ...{ name: 'get_appliances', needs: 'read_only', parameters: nothing },
  run: async ({ read, baseUrl, clock }) =>
    element('appliances', [
      element(
        'appliance',
        [
          element('name', hostname()),
          element('public_hostname', new URL(baseUrl()).hostname),
          element('cluster_role', 'single'),
          element('failover_role', 'none'),
          element('accepting_connections', 1),
          element('timezone_offset', clock.now().getTimezoneOffset() * -60),
        ],
        { id: await read((tx) => getApplianceId(tx)) },
      ),
    ]),
});

export const setFailoverRole = defineAction({
  ...{ name: 'set_failover_role', needs: 'full_access', parameters: nothing },
  run: async () => {
    throw new BadParameters(noFailover);
  },
});
