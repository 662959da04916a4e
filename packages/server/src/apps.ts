import { z } from 'zod';
import type { App } from './app.ts';

/** A program of the Apps menu. */
export const AppLink = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/, 'An id has small letters, digits and dashes.'),
  name: z.string().trim().min(1).max(120),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
});
export type AppLink = z.output<typeof AppLink>;

/** GET /api/apps (signed-in): programs beside this one; empty hides the menu. */
export const Apps = z.object({ items: z.array(AppLink) });

/** As it is set: JSON, or `id=name=url` joined by commas. */
export const AppsSetting = z
  .string()
  .transform((text, context): unknown => {
    if (!text.trimStart().startsWith('[')) return text.split(',').map(toLink);
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON.' });
      return z.NEVER;
    }
  })
  .pipe(z.array(AppLink, 'Write id=name=url, joined by commas, or JSON.').max(50));

const toLink = (text: string): unknown => {
  const [, id, name, url] = /^([^=]*)=([^=]*)=(.*)$/.exec(text.trim()) ?? [];
  return { id, name, url };
};

/** For programs whose menu is what was set. */
export const serveApps = (app: App, apps: readonly AppLink[]): void => {
  app.get(
    '/api/apps',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'The programs of the Apps menu', tags: ['apps'], response: { 200: Apps } },
    },
    async () => ({ items: [...apps] }),
  );
};
