import { connectors } from '@gatehouse/connectors';
import { StartFault } from '@gatehouse/database';
import { createLog } from '@gatehouse/server';
import { readSettings, SettingsError } from './settings.ts';
import { startInsights } from './start.ts';

/** What is said to the process that started this one, where there is one. */
type Message =
  | { readonly type: 'ready'; readonly url: string; readonly firstAdministratorLink: string | null }
  | { readonly type: 'failed'; readonly sentence: string };

const say = (message: Message) => process.send?.(message);

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  const { databaseUrl, home, host, port, publicUrl, trustProxy, metricsToken, pages } = settings;
  const insights = await startInsights({
    ...{ databaseUrl, home, connectors, role: settings.role },
    network: {
      ...{ host, port, trustProxy },
      ...(publicUrl !== undefined && { baseUrl: publicUrl }),
      ...(metricsToken && { metricsToken }),
    },
    ...{ egressAddresses: settings.egressAddresses, apps: settings.apps },
    ...{ allowPrivateWebhooks: settings.privateWebhooks, signIn: { providers: settings.oidc.map(toProvider) } },
    ...(pages !== undefined && { pages }),
    ...(settings.collectorRelease !== undefined && { collectorRelease: settings.collectorRelease }),
    log: createLog('insights', settings.logLevel),
  });
  const stop = () => {
    for (const signal of signals) process.off(signal, stop);
    insights.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  process.on('disconnect', stop);
  say({ type: 'ready', url: insights.url ?? '', firstAdministratorLink: insights.firstAdministratorLink });
} catch (error) {
  const isForPeople = error instanceof StartFault || error instanceof SettingsError;
  const sentence = isForPeople
    ? error.message
    : `Gatehouse could not start: ${error instanceof Error ? error.message : String(error)}`;
  if (process.send) say({ type: 'failed', sentence });
  else process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
  process.disconnect?.();
}

function toProvider({ scopes, ...provider }: ReturnType<typeof readSettings>['oidc'][number]) {
  return { ...provider, ...(scopes && { scopes }) };
}
