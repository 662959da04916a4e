import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { hostname, networkInterfaces, release, type as systemType, version as systemVersion, userInfo } from 'node:os';
import type { AboutMachine } from '@gatehouse/remote-access/jump';
import type { Allowances } from '../settings/index.ts';
import { version } from '../version.ts';

/** What the site is told of this machine whenever it connects. */
export const aboutMachine = ({ shell, files, hosts }: Allowances): AboutMachine => {
  const own = hostname().slice(0, 255) || 'unknown';
  return {
    ...{
      version,
      hostname: own,
      fqdn: own.includes('.') ? own : null,
      operatingSystem: operatingSystem().slice(0, 200),
    },
    ...{ privateIp: privateAddress(), consoleUser: signedIn() },
    installMode: process.getuid?.() === 0 || process.platform === 'win32' ? 'service' : 'user',
    allows: { shell, files, hosts: hosts.length > 0 },
  };
};

/** As its makers call it, where the system says so. */
const operatingSystem = (): string => {
  if (process.platform === 'win32') return systemVersion();
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readOr('/etc/os-release'))?.[1];
  return `${name ?? systemType()} (${release()})`;
};

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** The first address that is not of this machine alone; of the fourth version where there is one. */
const privateAddress = (): string | null => {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address));
  return (outward.find(({ address }) => isIPv4(address)) ?? outward[0])?.address ?? null;
};

const signedIn = (): string | null => {
  try {
    return userInfo().username.slice(0, 128);
  } catch {
    // A user without an entry of their own.
    return null;
  }
};
