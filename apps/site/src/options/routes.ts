import type { Database } from '@gatehouse/database';
import { type App, audit, problems } from '@gatehouse/server';
import { Options, OptionsInput } from '../api/site.ts';
import { getOptions, saveOptions } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['options'];

export const serveOptions = (app: App, { database }: { readonly database: Database }): void => {
  app.get(
    '/api/options',
    { config, schema: { summary: 'Switches of the whole site', tags, response: { 200: Options } } },
    async () => database.system(getOptions),
  );
  app.patch(
    '/api/options',
    {
      config,
      schema: { summary: 'Change switches of the whole site', tags, body: OptionsInput, response: { 200: Options } },
    },
    async ({ act, body }) =>
      database.system(async (tx) => {
        const before = await getOptions(tx);
        const after = Options.parse({
          ...before,
          ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
        });
        if (after.sessionKeySeconds > after.sessionKeyMostSeconds)
          throw problems.invalid([{ field: 'sessionKeySeconds', message: 'This is longer than a key may be valid.' }]);
        await saveOptions(tx, after);
        await audit(tx, act, { action: 'options.change', target: 'Site', change: { before, after } });
        return after;
      }),
  );
};
