import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '@gatehouse/lab';
import { z } from 'zod';
import { call, type Target } from './client.ts';
import { openLog, stopProcess } from './program.ts';

const Connections = z.array(z.object({ connectionId: z.string(), connector: z.string(), name: z.string() }));
const Installed = z.object({ key: z.string() });

/** What the collector of the sample organisation’s domain is called. */
export const sampleCollectorName = 'Active Directory';

/**
 * Runs the collector that reads the sample organisation’s domain, as a person would: with a key of its own connection,
 * installed once, in `<home>/collector`. Null where its connection is not there any more.
 */
export const startSampleCollector = async (
  root: string,
  home: string,
  target: Target,
  lab: Lab,
): Promise<{ stop(): Promise<void> } | null> => {
  const folder = join(home, 'collector');
  const environment = { ...process.env, GATEHOUSE_COLLECTOR_HOME: folder, NODE_NO_WARNINGS: '1' };
  if (!existsSync(join(folder, 'collector.json'))) {
    const key = await makeKey(target, home);
    if (key === null) return null;
    const code = await runToEnd(root, home, ['install', '--no-service', '--accept-missing'], {
      ...environment,
      ...{
        GATEHOUSE_COLLECTOR_SERVER: target.url,
        GATEHOUSE_COLLECTOR_KEY: key,
        GATEHOUSE_COLLECTOR_SOURCE: 'active-directory',
      },
      ...{
        GATEHOUSE_COLLECTOR_CONTROLLERS: lab.domain.controllers,
        GATEHOUSE_COLLECTOR_BIND_NAME: lab.domain.bindName,
      },
      ...{
        GATEHOUSE_COLLECTOR_PASSWORD: lab.domain.password,
        GATEHOUSE_COLLECTOR_CERTIFICATE_AUTHORITIES: lab.domain.certificateAuthorities,
      },
      ...{
        GATEHOUSE_COLLECTOR_SYSVOL: lab.domain.sysvol,
        GATEHOUSE_COLLECTOR_EVENT_FOLDER: lab.domain.eventFolder,
        GATEHOUSE_COLLECTOR_EVENT_FOLDER_KEEPS: 'true',
      },
    });
    if (code !== 0) return null;
  }
  const child = start(root, home, ['run'], environment);
  const ended = once(child, 'exit').then(() => undefined);
  return { stop: () => stopProcess(child, ended) };
};

/** A key for the sample’s own connection, if that is still there and waits for a collector. */
const makeKey = async (target: Target, home: string): Promise<string | null> => {
  const marker = join(home, 'sample-connected');
  if (!existsSync(marker)) return null;
  const at = `/api/tenants/${readFileSync(marker, 'utf8').trim()}/connections`;
  const connections = Connections.parse(await (await call(target, { method: 'GET', path: at })).json());
  const own = connections.find(
    ({ connector, name }) => connector === 'insights-collector' && name === sampleCollectorName,
  );
  if (!own) return null;
  const path = `${at}/${own.connectionId}/collector/keys`;
  return Installed.parse(await (await call(target, { method: 'POST', path, body: {} })).json()).key;
};

const start = (root: string, home: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
  const log = openLog(home, 'collector');
  const child = spawn(process.execPath, [join(root, 'apps/collector/src/main.ts'), ...args], {
    // The channel ends with us, however we end, and the collector with it.
    stdio: ['ignore', log.file, log.file, 'ipc'],
    // A group of its own: Ctrl-C reaches only us, and we stop things in order.
    detached: true,
    env,
  });
  log.close();
  return child;
};

const runToEnd = async (
  root: string,
  home: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number | null> => {
  const [code] = await once(start(root, home, args, env), 'exit');
  return code;
};
