import { connectors } from '@gatehouse/connectors';
import { readSettings, runProgram, startOptions } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startInsights } from './start.ts';

await runProgram(() => {
  const settings = readSettings(Settings, process.argv.slice(2), process.env);
  return startInsights({
    ...startOptions('insights', settings),
    ...{ connectors, role: settings.role, egressAddresses: settings.egressAddresses },
    apps: settings.apps.map(({ id, ...app }) => ({ program: id, ...app })),
    allowPrivateWebhooks: settings.privateWebhooks,
    ...(settings.collectorRelease !== undefined && { collectorRelease: settings.collectorRelease }),
  });
});
