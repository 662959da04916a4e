import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { flagAt, Identified, listAt, saidAt, switchOf, textAt, textsAt, timeAt } from './shapes.ts';
import { flat, walk } from './walk.ts';

/**
 * A network zone. `attributes`: `zoneType` (IP, DYNAMIC, DYNAMIC_V2), `usage` (POLICY, BLOCKLIST), `system` (made by
 * Okta), `gateways` and `proxies` (addresses and ranges), `asns`, `countries`, `proxyType`. At most 1,000 of each.
 */
export const toZone = (zone: Identified): Resource => ({
  ...empty('resources'),
  id: zone.id,
  raw: rawOf(zone),
  type: 'network_zone',
  name: textAt(zone, 'name'),
  status: switchOf(zone),
  createdAt: timeAt(zone, 'created'),
  attributes: {
    zoneType: textAt(zone, 'type'),
    usage: textAt(zone, 'usage'),
    system: flagAt(zone, 'system'),
    gateways: addresses(zone, 'gateways'),
    proxies: addresses(zone, 'proxies'),
    // Dynamic zones tell numbers and places as plain lists, enhanced dynamic ones as include and exclude.
    asns: [...textsAt(zone, 'asns'), ...textsAt(zone, 'asns', 'include')].slice(0, most),
    countries: [...listAt(zone, 'locations'), ...listAt(zone, 'locations', 'include')]
      .map((place) => saidAt(place, 'country'))
      .filter((country) => country !== null)
      .slice(0, most),
    proxyType: textAt(zone, 'proxyType'),
  },
});

const most = 1_000;

const addresses = (zone: Identified, name: string): readonly string[] =>
  listAt(zone, name)
    .map((address) => saidAt(address, 'value'))
    .filter((value) => value !== null)
    .slice(0, most);

export const zones = stream<OktaClient, 'resources'>({
  record: 'resources',
  title: 'Network zones',
  needs: 'the scope okta.networkZones.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.networkZones.read');
    const section = flat({
      first: '/api/v1/zones?limit=200',
      list: (c, path) => c.list(path, Identified),
      map: toZone,
    });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/zones?limit=1', 'okta.networkZones.read'),
});
