// A copy of the site with one session, to be killed: `<database> <home> <what is wanted, as JSON>`.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { startSite } from '../start.ts';

// Whoever started it is gone: nothing here may outlive a test.
process.on('disconnect', () => process.exit(1));
const [databaseUrl = '', home = '', wanted = '{}'] = process.argv.slice(2);
const pace = { roundMs: 100, goneMs: 1_000 };
const { url, ecm } = await startSite({ databaseUrl, home, network: { port: 0 }, ecmPace: pace });
process.send?.({ url });
while ((await ecm.listEcmClients()).length === 0) await pause(20);
for (;;) {
  try {
    const { state } = await ecm.door.retrieveCredential(JSON.parse(wanted));
    process.send?.({ state });
    break;
  } catch {
    // It has greeted, and not yet told its leases.
    await pause(50);
  }
}
await once(process, 'disconnect');
