import type { Server } from '@gatehouse/server';
import { serveJumpLines } from './admit.ts';
import { serveEnrolment } from './enrol.ts';
import { createHub, type HubParts, type JumpHub, type JumpPace, usualPace } from './hub.ts';

/** @public */
export { type FoundClient, findJumpClients, type WantedClients } from './find.ts';
export type { JumpHub, JumpPace } from './hub.ts';
export { migrations } from './migrations.ts';
export { jumpClientInstallers, jumpClients } from './model.ts';
export { serveJumpClients } from './routes.ts';

export interface JumpClientsOptions extends Omit<HubParts, 'pace'> {
  readonly server: Server;
  readonly pace?: Partial<JumpPace>;
}

/** The site's side of Jump Clients: they connect to it, and what is opened on their machines goes through it. */
export const openJumpClients = ({ server, pace, ...parts }: JumpClientsOptions): JumpHub => {
  const whole = { ...parts, pace: { ...usualPace, ...pace } };
  const hub = createHub(whole);
  serveEnrolment(server.app, whole);
  serveJumpLines(server.app, { ...whole, hub, siteName: () => new URL(server.baseUrl()).host });
  return hub;
};
