import { connectors } from '@gatehouse/connectors';
import { runProgram, startOptions } from '@gatehouse/server';
import { readSettings } from './settings.ts';
import { startInsights } from './start.ts';

await runProgram(() => {
  const settings = readSettings(process.argv.slice(2), process.env);
  return startInsights({
    ...startOptions('insights', settings),
    ...{ connectors, role: settings.role, egressAddresses: settings.egressAddresses, apps: settings.apps },
    allowPrivateWebhooks: settings.privateWebhooks,
    ...(settings.collectorRelease !== undefined && { collectorRelease: settings.collectorRelease }),
  });
});
