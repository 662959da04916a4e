import { createHost, type Wait } from '@gatehouse/host';
import { createTestClock, type FakeServer, type Reply, reply, startServer } from '@gatehouse/host/testing';
import { createGithub } from '../client.ts';
import { settings } from '../settings.ts';
import { newAppKey } from './keys.ts';

const { privateKey } = newAppKey();
const servers: FakeServer[] = [];

/** For `afterEach`. */
export const closeClients = async (): Promise<void> => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
};

/** A client of a server that hands out tokens with these permissions, and answers everything else by `answer`. */
export const clientOf = async (answer: Reply, permissions: Record<string, string> = { members: 'read' }) => {
  const token = { token: 'ghs_test', expires_at: '2999-01-01T00:00:00Z', permissions };
  const server = await startServer({
    '/api/v3/app/installations/1/access_tokens': reply.status(201, token),
    '*': answer,
  });
  servers.push(server);
  const clock = createTestClock();
  const waits: Wait[] = [];
  const host = createHost({
    ...{ signal: new AbortController().signal, clock, attempts: 3 },
    onWait: (now) => void waits.push(...now),
  });
  const installationUrl = `${server.origin}/organizations/acme/settings/installations/1`;
  const client = createGithub(settings.parse({ appId: '1', privateKey, installationUrl }), host);
  return { client, server, clock, waits };
};

/** What was asked for besides tokens. */
export const asked = ({ requests }: FakeServer) => requests.filter(({ url }) => !url.endsWith('/access_tokens'));
