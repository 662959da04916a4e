import { join } from 'node:path';
import { type Log, openLog, realDisk } from '@gatehouse/host/agent';
import { type Clock, Fault, toFault } from '@gatehouse/kernel';
import type { AnyVault } from '@gatehouse/vault-kit';
import { findPlugins, pluginFolder } from '../plugins/index.ts';
import { type Entered, formOf, pluginSecrets, secretPaths, secretsIn, valueAt } from '../settings/index.ts';
import { clearTokens } from '../tokens/index.ts';
import { accountOf, type Draft, draftOf, openStored, saveAccount, savePlugin, withStoredSecrets } from './draft.ts';
import { valuesFrom } from './page/fields.ts';
import { firstScreen, type Note, pluginScreen } from './page/pages.ts';
import type { Answer, PageRequest } from './page/serve-page.ts';
import { testConnection } from './test-connection.ts';
import { type SettingsTest, testSettings } from './test-settings.ts';

export interface ConfiguratorOptions {
  readonly home: string;
  readonly vaults: readonly AnyVault[];
  readonly clock: Clock;
}

/** `Configurator.log`, with what must never stand in it: `hide` adds to that. */
export const openConfiguratorLog = async (
  home: string,
): Promise<{ readonly log: Log; hide(texts: readonly string[]): void }> => {
  const secrets: string[] = [];
  const hide = (texts: readonly string[]) => void secrets.push(...texts.filter((text) => !secrets.includes(text)));
  const stored = await openStored(home).catch(() => null);
  if (stored !== null) hide(secretsIn(stored));
  return { log: openLog({ path: join(home, 'logs', 'Configurator.log'), level: 'debug', secrets }), hide };
};

/** Answers the pages of the Configurator. */
export const createConfigurator = async ({
  home,
  vaults,
  clock,
}: ConfiguratorOptions): Promise<(request: PageRequest) => Promise<Answer>> => {
  const { log, hide } = await openConfiguratorLog(home);
  /** What was entered for a plugin and is not saved: a page does not get secrets back. */
  const entered = new Map<string, Entered>();
  let draft: Draft | null = null;
  let note: Note | null = null;

  /** What the act comes to is shown on the next page, once. */
  const act = async (work: () => Promise<Note>): Promise<void> => {
    note = await work().catch((error: unknown) => {
      const { advice, detail = null } = toFault(error);
      log.write('error', advice, { detail });
      return { isGood: false, sentence: advice };
    });
  };
  const takeNote = () => {
    const shown = note;
    note = null;
    return shown;
  };

  const first = async (nonce: string): Promise<string> => {
    const stored = await openStored(home);
    return firstScreen({
      ...{ nonce, draft: draft ?? draftOf(stored), isSecretSet: stored !== null || (draft?.clientSecret ?? '') !== '' },
      ...{ plugins: await findPlugins(vaults, pluginFolder(home)), chosen: stored?.plugin?.id ?? null },
      ...{ folder: pluginFolder(home), note: takeNote() },
    });
  };

  const account = async (sent: URLSearchParams): Promise<void> => {
    const text = (name: string) => (sent.get(name) ?? '').trim();
    const clientSecret = text('clientSecret') || (draft?.clientSecret ?? '');
    const now: Draft = {
      ...{ name: text('name'), site: text('site'), clientId: text('clientId'), clientSecret },
      ...{ siteProxy: text('siteProxy'), vaultProxy: text('vaultProxy') },
      ...{
        certificateAuthorities: text('certificateAuthorities'),
        logLevel: text('logLevel') === 'debug' ? 'debug' : 'info',
      },
    };
    hide([clientSecret]);
    draft = now;
    await act(async () => {
      if (sent.get('act') === 'test') {
        const { ok, sentence } = await testConnection(accountOf(now, await openStored(home)), clock);
        log.write('info', `Test connection: ${sentence}`);
        return { isGood: ok, sentence };
      }
      await saveAccount(home, now);
      draft = null;
      log.write('info', 'The site and the account were saved.');
      return { isGood: true, sentence: 'Saved. Restart the service of the ECM, if it runs.' };
    });
  };

  const plugin = async (vault: AnyVault, { method, sent, nonce }: PageRequest): Promise<string> => {
    const { id, name, config } = vault;
    const stored = await openStored(home);
    const own = stored?.plugin?.id === id ? stored.plugin.values : {};
    const fields = formOf(config);
    const values = method === 'POST' ? valuesFrom(fields, sent, entered.get(id) ?? {}) : (entered.get(id) ?? own);
    if (method === 'POST') entered.set(id, values);
    const whole = withStoredSecrets(vault, values, stored);
    hide(pluginSecrets({ id, values: whole, secret: secretPaths(config) }));
    const [user, endpoint] = [sent.get('!user') ?? '', sent.get('!endpoint') ?? ''];
    let test: SettingsTest | null = null;
    if (sent.get('act') === 'test') {
      const proxy = stored?.vaultProxy ?? null;
      test = await testSettings({ vault, values: whole, proxy, user, endpoint, clock, log });
    }
    if (sent.get('act') === 'save')
      await act(async () => {
        await savePlugin(home, vault, values);
        entered.delete(id);
        log.write('info', `The settings of ${name} were saved.`);
        return { isGood: true, sentence: 'Saved. Restart the service of the ECM, if it runs.' };
      });
    const isSet = (path: string) => (valueAt(whole, path) ?? '') !== '';
    return pluginScreen({ nonce, id, name, fields, values, isSet, user, endpoint, test, note: takeNote() });
  };

  return async (request) => {
    const { method, path, sent, nonce } = request;
    if (method === 'GET' && path === '/') return await first(nonce);
    if (method === 'POST' && path === '/account') {
      await account(sent);
      return '/';
    }
    if (method === 'POST' && path === '/clear') {
      await act(async () => {
        await clearTokens(realDisk, home);
        log.write('info', 'The token cache was cleared.');
        return { isGood: true, sentence: 'The token cache is empty.' };
      });
      return '/';
    }
    const id = /^\/plugin\/([a-z0-9-]+)$/.exec(path)?.[1];
    const { found } = await findPlugins(vaults, pluginFolder(home));
    const chosen = found.find(({ vault }) => vault.id === id);
    return chosen === undefined ? null : await plugin(chosen.vault, request);
  };
};

/** The plugin of that id. @throws Fault that lists those that there are, and why others cannot be used. */
export const pluginById = async (home: string, vaults: readonly AnyVault[], id: string): Promise<AnyVault> => {
  const { found, unusable } = await findPlugins(vaults, pluginFolder(home));
  const one = found.find(({ vault }) => vault.id === id);
  if (one !== undefined) return one.vault;
  const names = found.map(({ vault }) => vault.id).join(', ');
  const others = unusable.map(({ file, reason }) => ` ${file} cannot be used: ${reason}`).join('');
  throw new Fault('misconfigured', `There is no plugin "${id}". There are: ${names === '' ? 'none' : names}.${others}`);
};
