import { createLog, readSettings, runProgram } from '@gatehouse/server';
import { Settings } from './settings.ts';
import { startVault } from './start.ts';

await runProgram(() => {
  const settings = readSettings(Settings, process.argv.slice(2), process.env);
  const { databaseUrl, home, host, port, publicUrl, trustProxy, metricsToken, pages } = settings;
  const { masterKey, masterPassphrase } = settings;
  // Nothing that is started from here may read them in the environment.
  delete process.env.GATEHOUSE_MASTER_KEY;
  delete process.env.GATEHOUSE_MASTER_PASSPHRASE;
  return startVault({
    ...{ databaseUrl, home, role: settings.role, reveal: settings.reveal },
    network: {
      ...{ host, port, trustProxy },
      ...(publicUrl !== undefined && { baseUrl: publicUrl }),
      ...(metricsToken && { metricsToken }),
    },
    ...(masterKey && { masterKey }),
    ...(masterPassphrase && { masterPassphrase }),
    signIn: { providers: settings.oidc },
    ...(pages !== undefined && { pages }),
    log: createLog('vault', settings.logLevel),
  });
});
