import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP, type Socket } from 'node:net';
import { Fault } from '@gatehouse/kernel';
import type { ChannelUse } from '@gatehouse/remote-access/jump';
import type { Allowances } from '../settings/index.ts';
import type { Opened } from './files.ts';

/** One entry of the setting `hosts`: `10.0.0.0/8:22`, `[fd00::/8]:22`, `db1.corp.example:22-3389`, `*.corp.example:22`. */
interface Rule {
  readonly host: string;
  readonly bits: number | null;
  readonly from: number;
  readonly to: number;
}

/** What is wrong with the entry; null: nothing. */
export const wrongIn = (text: string): string | null =>
  parseRule(text) === null ? `"${text}" is none: write it like 10.0.0.0/8:22 or db1.corp.example:22-3389.` : null;

const parseRule = (text: string): Rule | null => {
  const [, six, plain, bits, first, last] =
    /^(?:\[([0-9a-f:.]+)(?:\/\d{1,3})?\]|((?:\*\.)?[A-Za-z0-9._-]+)(?:\/(\d{1,2}))?):(\d{1,5})(?:-(\d{1,5}))?$/i.exec(
      text,
    ) ?? [];
  const sixBits = /^\[[^\]/]+\/(\d{1,3})\]/.exec(text)?.[1];
  const host = six ?? plain;
  const [from, to] = [Number(first), Number(last ?? first)];
  if (host === undefined || from < 1 || to > 65_535 || from > to) return null;
  const mask = sixBits ?? bits;
  if (six !== undefined && isIP(six) !== 6) return null;
  if (mask !== undefined && (isIP(host) === 0 || Number(mask) > (isIP(host) === 6 ? 128 : 32))) return null;
  return { host: host.toLowerCase(), bits: mask === undefined ? null : Number(mask), from, to };
};

const covers = ({ host, bits, from, to }: Rule, name: string, port: number): boolean => {
  if (port < from || port > to) return false;
  const kind = isIP(name);
  if (isIP(host) === 0) return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
  if (kind !== isIP(host)) return false;
  const list = new BlockList();
  list.addSubnet(host, bits ?? (kind === 6 ? 128 : 32), kind === 6 ? 'ipv6' : 'ipv4');
  return list.check(name, kind === 6 ? 'ipv6' : 'ipv4');
};

const connectMs = 10_000;

/** A connection to another host of this network, where the settings allow it. @throws Fault */
export const openTcp = async (
  { hosts }: Allowances,
  { host, port }: Extract<ChannelUse, { kind: 'tcp' }>,
): Promise<Opened> => {
  const rules = hosts.flatMap((text) => parseRule(text) ?? []);
  const name = host.toLowerCase().replace(/\.$/, '');
  const refused = new Fault(
    'forbidden',
    `The settings of this Jump Client do not let ${host}:${port} be reached. Whoever runs its machine can allow it.`,
  );
  if (rules.length === 0) throw refused;
  const byName = isIP(name) === 0 && rules.some((rule) => covers(rule, name, port));
  const { address } =
    isIP(name) === 0
      ? await lookup(name).catch((cause: unknown) => {
          throw new Fault('unreachable', `The Jump Client does not know the name ${host}.`, undefined, { cause });
        })
      : { address: name };
  // That very address is dialled, so that a name cannot lead elsewhere a moment later.
  if (!byName && !rules.some((rule) => covers(rule, address, port))) throw refused;
  const socket = await dial(address, port, host);
  return {
    bytes: null,
    end: () => socket.destroy(),
    carry({ stream }) {
      socket.pipe(stream).pipe(socket);
      socket.once('error', () => stream.destroy());
      socket.once('close', () => stream.destroy());
      stream.once('close', () => socket.destroy());
    },
  };
};

const dial = (address: string, port: number, host: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    const failed = (why: string) => {
      socket.destroy();
      reject(new Fault('unreachable', `The Jump Client does not reach ${host}:${port}: ${why}`));
    };
    const timer = setTimeout(() => failed('there was no answer.'), connectMs);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      failed(error.code === 'ECONNREFUSED' ? 'nothing listens there.' : `${error.code ?? 'it failed'}.`);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      // Heard where it is carried.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
