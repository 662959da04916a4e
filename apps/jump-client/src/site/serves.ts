import { openWebSocket } from '@gatehouse/host';
import type { Log } from '@gatehouse/host/agent';
import { Fault } from '@gatehouse/kernel';
import {
  type ChannelUse,
  channelProtocol,
  createChannel,
  type JumpParams,
  type JumpServes,
  jumpLimits,
  jumpPaths,
  jumpVersions,
  proveClient,
} from '@gatehouse/remote-access/jump';
import {
  aboutMachine,
  listFolder,
  type Opened,
  openShell,
  openTcp,
  openToRead,
  openToWrite,
} from '../machine/index.ts';
import { type JumpClientSettings, wayTo } from '../settings/index.ts';

export interface ServesOptions {
  readonly settings: JumpClientSettings;
  readonly log: Log;
  /** Ends what is open, with the line. */
  readonly signal: AbortSignal;
  onWelcome(welcome: JumpParams<'welcome'>): void;
  /** Something is open from now on; returns what to call when it is over. */
  onOpened(): () => void;
}

export const siteSystem = 'the site';
export const addressOf = ({ url }: JumpClientSettings['site'], path: string): string =>
  `${url.replace(/^http/, 'ws')}${path}`;

/** What a Jump Client does for its site over one line. */
export const createServes = ({ settings, log, signal, onWelcome, onOpened }: ServesOptions): JumpServes => {
  const { allows, clientKey, deviceKey } = settings;
  let isWelcome = false;
  const requireWelcome = () => {
    if (!isWelcome) throw new Fault('forbidden', 'The site has not let this Jump Client in yet.');
  };
  return {
    async prove({ challenge, versions }) {
      const version = jumpVersions.find((ours) => versions.includes(ours));
      if (version === undefined)
        throw new Fault('unsupported', 'The site speaks none of the versions of this Jump Client.');
      return {
        clientKey,
        signature: proveClient(deviceKey, clientKey, challenge),
        version,
        about: aboutMachine(allows),
      };
    },
    async welcome(welcome) {
      isWelcome = true;
      onWelcome(welcome);
      return {};
    },
    async list(asked) {
      requireWelcome();
      return listFolder(allows, asked);
    },
    async open({ channel, token, use }) {
      requireWelcome();
      log.write('info', `Asked for: ${wordsOf(use)}.`);
      const opened = await openUse(settings, use);
      try {
        await connect({ settings, signal, onOpened }, { id: channel, token }, opened);
      } catch (error) {
        opened.end();
        throw error;
      }
      return { bytes: opened.bytes };
    },
  };
};

/** For the log: what, and nothing of what is in it. */
const wordsOf = (use: ChannelUse): string => {
  switch (use.kind) {
    case 'shell':
      return 'a shell';
    case 'read':
      return `the file ${use.path}`;
    case 'write':
      return `a new file ${use.path}`;
    case 'tcp':
      return `a connection to ${use.host}:${use.port}`;
  }
};

const openUse = async ({ allows }: JumpClientSettings, use: ChannelUse): Promise<Opened> => {
  switch (use.kind) {
    case 'shell':
      return { bytes: null, ...(await openShell(allows, use)) };
    case 'read':
      return openToRead(allows, use);
    case 'write':
      return openToWrite(allows, use);
    case 'tcp':
      return openTcp(allows, use);
  }
};

/** The second connection: this one is the channel's alone. */
const connect = async (
  { settings, signal, onOpened }: Pick<ServesOptions, 'settings' | 'signal' | 'onOpened'>,
  { id, token }: { readonly id: string; readonly token: string },
  opened: Opened,
): Promise<void> => {
  const early: (() => void)[] = [];
  let heard: ReturnType<typeof createChannel>['heard'] | null = null;
  const hear = (work: (to: NonNullable<typeof heard>) => void) => {
    if (heard !== null) return work(heard);
    early.push(() => heard !== null && work(heard));
  };
  const socket = await openWebSocket({
    ...{ url: addressOf(settings.site, `${jumpPaths.channels}/${id}`), system: siteSystem },
    ...{ protocols: [channelProtocol], headers: { authorization: `Bearer ${token}` }, signal },
    ...wayTo(settings.site),
    maxBytes: jumpLimits.messageBytes,
    onText: (text) => hear((to) => to.text(text)),
    onBytes: (bytes) => hear((to) => to.bytes(bytes)),
  });
  const channel = createChannel(socket, 'The connection to the site was lost.');
  heard = channel.heard;
  const over = onOpened();
  void socket.closed.then(() => {
    over();
    channel.heard.closed();
  });
  opened.carry(channel);
  // What came right behind the opening.
  for (const work of early) work();
};
