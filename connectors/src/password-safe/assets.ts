import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf, referenceTo } from './ids.ts';
import { nested } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { textAt, timeAt } from './shapes.ts';

/** A machine that BeyondInsight knows. `attributes`: `kind`, `dnsName`, `domain`, `ipAddress`, `operatingSystem`, `workgroupId`. */
export const toAsset = (item: unknown): Resource => ({
  ...empty('resources'),
  id: idOf('asset', numberOf('asset', item)),
  raw: rawOf(Object(item)),
  type: 'asset',
  name: textAt(item, 'AssetName', 'DnsName', 'IPAddress'),
  description: textAt(item, 'Description'),
  createdAt: timeAt(item, 'CreateDate'),
  lastActivityAt: timeAt(item, 'LastUpdateDate'),
  attributes: {
    kind: textAt(item, 'AssetType'),
    dnsName: textAt(item, 'DnsName'),
    domain: textAt(item, 'DomainName'),
    ipAddress: textAt(item, 'IPAddress'),
    operatingSystem: textAt(item, 'OperatingSystem'),
    workgroupId: referenceTo('workgroup', item, 'WorkgroupID'),
  },
});

const workgroupsPath = '/Workgroups';

export const toWorkgroup = (item: unknown) => {
  const number = numberOf('workgroup', item);
  return { id: idOf('workgroup', number), number };
};

export const assets = stream<PasswordSafeClient, 'resources'>({
  record: 'resources',
  title: 'Assets',
  needs: needOf('assets'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  async *read(client, from) {
    const { items } = await client.list(workgroupsPath, toWorkgroup);
    yield* nested({
      parents: items,
      each: ({ number }, at) => client.stretch(`${workgroupsPath}/${number}/Assets`, at, toAsset),
      from,
    });
  },
  probe: (client) => client.probe(workgroupsPath),
});
