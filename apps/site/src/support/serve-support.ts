import type { App } from '@gatehouse/server';
import { serveSupportOfAdministrators } from './administrator-routes.ts';
import type { Support } from './open-support.ts';
import { serveSupportOfRepresentatives } from './representative-routes.ts';

export const serveSupport = (app: App, support: Support): void => {
  serveSupportOfAdministrators(app, support);
  serveSupportOfRepresentatives(app, support);
};
