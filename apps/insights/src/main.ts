import { connectors } from '@gatehouse/connectors';
import { createLog, readSettings, runProgram } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startInsights } from './start.ts';

await runProgram(() => {
  const settings = readSettings(Settings, process.argv.slice(2), process.env);
  const { databaseUrl, home, host, port, publicUrl, trustProxy, metricsToken, pages } = settings;
  return startInsights({
    ...{ databaseUrl, home, connectors, role: settings.role },
    network: {
      ...{ host, port, trustProxy },
      ...(publicUrl !== undefined && { baseUrl: publicUrl }),
      ...(metricsToken && { metricsToken }),
    },
    ...{ egressAddresses: settings.egressAddresses, apps: settings.apps },
    ...{ allowPrivateWebhooks: settings.privateWebhooks, signIn: { providers: settings.oidc } },
    ...(pages !== undefined && { pages }),
    ...(settings.collectorRelease !== undefined && { collectorRelease: settings.collectorRelease }),
    log: createLog('insights', settings.logLevel),
  });
});
