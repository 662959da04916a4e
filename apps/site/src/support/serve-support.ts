import type { App } from '@gatehouse/server';
import { serveSupportOfAdministrators } from './administrator-routes.ts';
import { serveKeysOfAdministrators } from './key-routes.ts';
import type { Support } from './open-support.ts';
import { servePortal } from './portal/routes.ts';
import { serveSupportOfRepresentatives } from './representative-routes.ts';
import { serveRooms } from './room-routes.ts';
import { serveSurveys } from './survey-routes.ts';

export const serveSupport = (app: App, support: Support): void => {
  serveSupportOfAdministrators(app, support);
  serveKeysOfAdministrators(app, support);
  serveSurveys(app, support);
  serveSupportOfRepresentatives(app, support);
  serveRooms(app, support);
  servePortal(app, support);
};
