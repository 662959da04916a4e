import type { Server as HttpServer } from 'node:http';
import { StartFault } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { App } from './app.ts';

export interface Network {
  /** Default 127.0.0.1: nothing but this machine reaches the program until an administrator says so. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The address people type, without a path, when it is not the one listened on. https makes cookies secure. */
  readonly baseUrl?: string;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. Default: nobody's. */
  readonly trustProxy?: readonly string[];
  /** Lets Prometheus read /metrics from another machine. Default: this machine only. */
  readonly metricsToken?: Secret;
}

/** `localhost` instead of 127.0.0.1, because passkeys are bound to a name and browsers refuse them for addresses. */
export const localUrl = (server: HttpServer, { host = '127.0.0.1', port }: Network): string => {
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  const name =
    isLocal(host) || host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${actual}`;
};

const isLocal = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** The pages' own origins. A local program may be opened by any of the names this machine has for itself. */
export const originsOf = (baseUrl: string): readonly string[] => {
  const { origin, hostname, port } = new URL(baseUrl);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return [origin];
  return [origin, ...['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`)];
};

/** A StartFault names the flag that changes what cannot be had. */
export const listen = async (app: App, { host = '127.0.0.1', port }: Network): Promise<void> => {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const sentence = typeof code === 'string' ? listenFaults[code] : undefined;
    if (sentence === undefined) throw error;
    const { words, flag } = sentence(host, port);
    throw new StartFault(words, flag, { cause: error });
  }
};

const listenFaults: Readonly<Record<string, (host: string, port: number) => { words: string; flag: string }>> = {
  EADDRINUSE: (host, port) => ({
    words: `Port ${port} of ${host} is taken. Choose another with --port.`,
    flag: '--port',
  }),
  EACCES: (host, port) => ({
    words: `This account may not open port ${port} of ${host}. Choose one above 1023 with --port.`,
    flag: '--port',
  }),
  EADDRNOTAVAIL: (host) => ({
    words: `This machine does not have the address ${host}. Choose another with --host.`,
    flag: '--host',
  }),
  ENOTFOUND: (host) => ({
    words: `There is no address with the name ${host}. Choose another with --host.`,
    flag: '--host',
  }),
};
