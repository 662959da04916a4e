// A process that stores page after page and tells of each; a test kills it.
import { type Connector, empty } from '@gatehouse/connector-kit';
import { openDatabase } from '@gatehouse/database';
import type { ConnectionId, TenantId } from '@gatehouse/kernel';
import { openRunStore } from '../store-run.ts';

const [url = '', tenantId = '', connectionId = '', pages = '0'] = process.argv.slice(2);
const database = await openDatabase({ url, migrations: [] });
const store = openRunStore(database, {
  tenantId: tenantId as TenantId,
  connectionId: connectionId as ConnectionId,
  connector: { streams: { users: { reading: { mode: 'full' } } } as unknown as Connector['streams'] },
});
await store.begin('users');
for (let page = 0; page < Number(pages); page++) {
  const records = Array.from({ length: 50 }, (_, n) => ({
    ...empty('accounts'),
    id: `${page}-${n}`,
    raw: { page, n },
    displayName: `Person ${n}`,
  }));
  await store.save('users', 'accounts', [{ records, cursor: page + 1 < Number(pages) ? String(page + 1) : null }]);
  process.send?.(page + 1);
}
// Waits to be killed, also when it was faster than that.
setInterval(() => undefined, 1_000_000);
