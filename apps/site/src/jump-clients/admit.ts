import { randomBytes } from 'node:crypto';
import { Fault, newId } from '@gatehouse/kernel';
import {
  channelProtocol,
  createLine,
  isProven,
  type JumpChannel,
  type JumpResult,
  jumpLimits,
  jumpPaths,
  jumpVersions,
  lineClosings,
  lineProtocol,
} from '@gatehouse/remote-access/jump';
import { type App, problems, type ServerSocket, type SocketListener, serveWebSocket } from '@gatehouse/server';
import { z } from 'zod';
import { removeObject } from '../objects/index.ts';
import type { HeldLine } from './held-line.ts';
import { type HubParts, type JumpHub, lockedWords } from './hub.ts';
import { jumpClients } from './model.ts';
import { findByKey, findUnpinned, joinLine, type Pinned } from './store.ts';

export interface AdmitParts extends HubParts {
  readonly hub: JumpHub;
  readonly siteName: () => string;
  /** The version that they update themselves to; null: to none. */
  readonly offers: string | null;
}

/** Connections that have not proved who they are yet. */
const mostUnproven = 200;

/** Where Jump Clients connect: their lines, and the channels that they were asked for. */
export const serveJumpLines = (app: App, parts: AdmitParts): void => {
  let unproven = 0;
  serveWebSocket(app, {
    ...{ path: jumpPaths.line, access: 'program', subprotocols: [lineProtocol] },
    async admit({ ip }) {
      if (unproven >= mostUnproven) throw problems.tooMany(5);
      return (socket) => {
        unproven += 1;
        return listen(parts, socket, ip, () => {
          unproven -= 1;
        });
      };
    },
  });
  serveWebSocket(app, {
    ...{ path: `${jumpPaths.channels}/:channel`, access: 'program', subprotocols: [channelProtocol] },
    async admit({ params, headers: { authorization = '' } }) {
      const { channel } = Params.parse(params);
      const open = parts.hub.take(channel, authorization.replace(/^Bearer /, ''));
      if (open === null) throw problems.notFound();
      return open;
    },
  });
};

const Params = z.object({ channel: z.string().max(100) });

const listen = (parts: AdmitParts, socket: ServerSocket, address: string, proven: () => void): SocketListener => {
  const { log } = parts;
  const over = Promise.withResolvers<void>();
  let admittedAs: Pinned | null = null;
  const line = createLine({
    serves: {
      async leave() {
        if (admittedAs === null) throw new Fault('forbidden', 'Nobody was let in.');
        await unpin(parts, admittedAs);
        return {};
      },
    },
    ...{ send: socket.send, close: socket.close },
    report: (error) => log.error({ err: error }, 'a message of a Jump Client could not be worked on'),
  });
  let isProvenNow = false;
  const noLonger = () => {
    if (!isProvenNow) proven();
    isProvenNow = true;
  };
  const letIn = async () => {
    const challenge = randomBytes(32).toString('base64url');
    const proof = await line.call('prove', { challenge, versions: [...jumpVersions] }, jumpLimits.answerMs);
    noLonger();
    const admitted = await judge(parts, proof, challenge);
    if ('code' in admitted) return socket.close(admitted.code, admitted.reason);
    admittedAs = admitted;
    await hold(parts, { admitted, proof, line, socket, address, over: over.promise });
  };
  letIn().catch((error: unknown) => {
    log.info({ err: error, address }, 'a Jump Client was not let in');
    socket.close(lineClosings.silent, 'There was no proof in time.');
  });
  return {
    text: line.receive,
    closed() {
      noLonger();
      line.end('The connection to the Jump Client was lost.');
      over.resolve();
    },
  };
};

type Proof = JumpResult<'prove'>;
interface Refused {
  readonly code: number;
  readonly reason: string;
}

const judge = async ({ database }: AdmitParts, proof: Proof, challenge: string): Promise<Pinned | Refused> => {
  const { clientKey, signature } = proof;
  return database.system(async (tx) => {
    const pinned = await findByKey(tx, clientKey);
    const key = pinned?.publicKey ?? (await findUnpinned(tx, clientKey));
    if (key === null || !isProven(key, clientKey, challenge, signature))
      return { code: lineClosings.unknown, reason: 'The site knows no such Jump Client. Install it anew.' };
    if (pinned === null) return { code: lineClosings.unpinned, reason: unpinnedWords };
    return pinned.isLocked ? { code: lineClosings.locked, reason: lockedWords } : pinned;
  });
};

/** By itself: somebody uninstalled it. */
const unpin = async ({ database }: AdmitParts, { id, clientKey, name }: Pinned): Promise<void> => {
  const by = { principal: { kind: 'program', id: clientKey, name }, correlationId: newId<string>() } as const;
  await database.system((tx) => removeObject(tx, by, { kind: jumpClients }, id));
};

const unpinnedWords = 'This Jump Client was unpinned at the site.';

interface Admitted {
  readonly admitted: Pinned;
  readonly proof: Proof;
  readonly line: HeldLine['line'];
  readonly socket: ServerSocket;
  readonly address: string;
  readonly over: Promise<void>;
}

const hold = async (parts: AdmitParts, of: Admitted): Promise<void> => {
  const { database, clock, hub, log, pace, processId } = parts;
  const { admitted, proof, line, socket, address, over } = of;
  const lineId = newId<string>();
  const channels = new Set<JumpChannel>();
  await database.system((tx) =>
    joinLine(tx, admitted.id, proof.about, { lineId, processId, address, at: clock.now(), offers: parts.offers }),
  );
  const left = Promise.withResolvers<void>();
  /** Whoever uses what is open is told why it ends. */
  const end = (why: string) => {
    for (const { stream } of channels) stream.destroy(new Fault('unreachable', why));
  };
  const held: HeldLine = {
    ...{ lineId, clientId: admitted.id, line, channels, left: left.promise },
    keep(channel) {
      channels.add(channel);
      channel.stream.once('close', () => channels.delete(channel));
    },
    close(code, reason) {
      end(reason);
      socket.close(code, reason);
    },
    async explainAbsence() {
      const isThere = await database.system((tx) => findByKey(tx, admitted.clientKey));
      if (isThere === null) held.close(lineClosings.unpinned, unpinnedWords);
      else held.close(lineClosings.replaced, 'This Jump Client connected anew.');
    },
  };
  hub.hold(held);
  const ping = setInterval(() => {
    if (line.quietMs() < pace.pingMs) return;
    line.call('ping', {}, jumpLimits.answerMs).catch(() => held.close(lineClosings.silent, 'A ping was not answered.'));
  }, pace.pingMs);
  void over.then(async () => {
    clearInterval(ping);
    end('The connection to the Jump Client was lost.');
    await hub.drop(held).catch((error: unknown) => log.warn({ err: error }, 'a Jump Client that left is still listed'));
    left.resolve();
  });
  await line.call(
    'welcome',
    { name: admitted.name, site: parts.siteName(), pingMs: pace.pingMs, offers: parts.offers },
    jumpLimits.answerMs,
  );
};
