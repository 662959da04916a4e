import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { type Agent, unitOf } from './agent.ts';

export const unitPath = (agent: Agent): string => `/etc/systemd/system/${unitOf(agent)}.service`;

export interface Started {
  readonly agent: Agent;
  readonly node: string;
  readonly program: string;
  readonly home: string;
  /** Lines of the section `[Service]` that only this program has. */
  readonly more?: readonly string[];
  /** It works for people on the whole machine, as root: nothing is kept from it. Default: a user of its own, confined. */
  readonly isUnconfined?: boolean;
}

/**
 * The unit: its own user, nothing of the system writable but its folder, no privilege to gain. V8 compiles while it
 * runs, so memory that is written and executed cannot be forbidden.
 */
export const systemdUnit = (started: Started): string => {
  const { agent, node, program, home, more = [], isUnconfined = false } = started;
  const lines = [
    `ExecStart=${[node, program, 'run', '--home', home].map(quote).join(' ')}`,
    ...(isUnconfined ? [] : [`User=${unitOf(agent)}`, `Group=${unitOf(agent)}`]),
    `WorkingDirectory=${plain(home)}`,
    ...(isUnconfined ? [] : [`ReadWritePaths=${listed(home)}`, 'UMask=0077']),
    ...['Restart=always', 'RestartSec=5', 'RestartPreventExitStatus=78', 'TimeoutStopSec=10', 'KillMode=mixed'],
    ...(isUnconfined ? [] : confinement),
    ...more,
  ];
  return `[Unit]
Description=Gatehouse ${agent.name}
After=network-online.target
Wants=network-online.target

[Service]
${lines.join('\n')}

[Install]
WantedBy=multi-user.target
`;
};

const confinement = [
  ...['NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'AmbientCapabilities=', 'ProtectSystem=strict'],
  ...['ProtectHome=yes', 'PrivateTmp=yes', 'PrivateDevices=yes', 'ProtectKernelTunables=yes'],
  ...['ProtectKernelModules=yes', 'ProtectKernelLogs=yes', 'ProtectControlGroups=yes', 'ProtectClock=yes'],
  ...['ProtectHostname=yes', 'ProtectProc=invisible', 'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX'],
  ...['RestrictNamespaces=yes', 'RestrictRealtime=yes', 'RestrictSUIDSGID=yes', 'LockPersonality=yes'],
  ...['SystemCallArchitectures=native', 'SystemCallFilter=@system-service', 'SystemCallErrorNumber=EPERM'],
];

/** A path that stands alone is taken as it is, but for `%`. */
const plain = (path: string): string => path.replaceAll('%', '%%');
/** One of several words, quoted like a string of C. */
const listed = (word: string): string =>
  /^[\w./:@+-]+$/.test(word) ? word : `"${plain(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
/** The same in a command, where `$` means something, too. */
const quote = (word: string): string => listed(word).replaceAll('$', '$$$$');

/** True where this process may make services and systemd runs this machine. */
export const hasSystemd = (): boolean => process.getuid?.() === 0 && existsSync('/run/systemd/system');

/** Makes the user and the service, hands the folder over, and starts it. @throws Fault with what did not work. */
export const installUnit = (started: Started): void => {
  if (!started.isUnconfined) giveToUser(started);
  writeFileSync(unitPath(started.agent), systemdUnit(started), { mode: 0o644 });
  run('systemctl', ['daemon-reload']);
  run('systemctl', ['enable', '--now', `${unitOf(started.agent)}.service`]);
};

/** Makes the user of its own, and hands the folder over to it. */
const giveToUser = (started: Started): void => {
  const user = unitOf(started.agent);
  try {
    execFileSync('id', ['-u', user], { stdio: 'ignore' });
  } catch {
    run('useradd', ['--system', '--home-dir', started.home, '--shell', '/usr/sbin/nologin', user]);
  }
  const [uid, gid] = [Number(run('id', ['-u', user])), Number(run('id', ['-g', user]))];
  const handOver = (path: string) => {
    chownSync(path, uid, gid);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) handOver(inside);
      else if (entry.isFile()) chownSync(inside, uid, gid);
    }
  };
  handOver(started.home);
};

/** False where there was none. */
export const removeUnit = (agent: Agent): boolean => {
  const path = unitPath(agent);
  if (!hasSystemd() || !existsSync(path)) return false;
  run('systemctl', ['disable', '--now', `${unitOf(agent)}.service`]);
  rmSync(path, { force: true });
  run('systemctl', ['daemon-reload']);
  return true;
};

const run = (command: string, args: readonly string[]): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Fault('misconfigured', `"${command} ${args.join(' ')}" did not work: ${said}`, undefined, { cause });
  }
};
