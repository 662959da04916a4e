import type { Release, Server } from '@gatehouse/server';
import { serveJumpLines } from './admit.ts';
import { serveEnrolment } from './enrol.ts';
import { createHub, type HubParts, type JumpHub, type JumpPace, usualPace } from './hub.ts';
import { serveRelease } from './release.ts';

/** @public */
export { type FoundClient, findJumpClients, type WantedClients } from './find.ts';
export type { JumpHub, JumpPace } from './hub.ts';
export { createJumpoints, type Jumpoints } from './jumpoints.ts';
export { migrations } from './migrations.ts';
export { addInstaller, jumpClientInstallers, jumpClients } from './model.ts';
export { serveJumpClients } from './routes.ts';
export { findGround, startJumpClientSession } from './session.ts';
export { type ConnectedJumpClient, listConnectedJumpClients } from './store.ts';

export interface JumpClientsOptions extends Omit<HubParts, 'pace'> {
  readonly server: Server;
  /** What they update themselves with; null: with nothing. */
  readonly release: Release | null;
  /** The public half of the key that signs it. */
  readonly releaseKey: string;
  readonly pace?: Partial<JumpPace>;
}

/** The site's side of Jump Clients: they connect to it, and what is opened on their machines goes through it. */
export const openJumpClients = ({ server, pace, release, releaseKey, ...parts }: JumpClientsOptions): JumpHub => {
  const whole = { ...parts, pace: { ...usualPace, ...pace } };
  const hub = createHub(whole);
  serveEnrolment(server.app, { ...whole, releaseKey });
  serveRelease(server.app, release);
  serveJumpLines(server.app, {
    ...{ ...whole, hub, offers: release?.version ?? null },
    siteName: () => new URL(server.baseUrl()).host,
  });
  return hub;
};
