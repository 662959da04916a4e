// What sends events of a site, to be killed: `<database> <home>`.
import { once } from 'node:events';
import { openDatabase } from '@gatehouse/database';
import { systemClock } from '@gatehouse/kernel';
import { createLog, createSealer, loadKeys } from '@gatehouse/server';
import { migrations } from '../../migrations.ts';
import { openOutbound } from '../open-outbound.ts';

// Whoever started it is gone: nothing here may outlive a test.
process.on('disconnect', () => process.exit(1));
const [databaseUrl = '', home = ''] = process.argv.slice(2);
const database = await openDatabase({ url: databaseUrl, migrations });
openOutbound({
  ...{ database, databaseUrl, clock: systemClock, log: createLog('site', 'fatal'), allowPrivate: true },
  ...{ sealer: createSealer(await loadKeys(home, 'site')), everyMs: 100, leaseMs: 1_000 },
});
process.send?.('ready');
await once(process, 'disconnect');
