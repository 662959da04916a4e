import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '@gatehouse/lab';
import { z } from 'zod';
import { keepAgent, runAgent } from '../agents/index.ts';
import { call, type Target } from '../commands/index.ts';

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
  signal: AbortSignal,
): Promise<{ stop(): Promise<void> } | null> => {
  const folder = join(home, 'collector');
  const agent = { root, home, name: 'collector', env: { GATEHOUSE_COLLECTOR_HOME: folder } } as const;
  if (!existsSync(join(folder, 'collector.json'))) {
    const key = await makeKey(target, home);
    if (key === null) return null;
    const env = {
      ...agent.env,
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
    };
    const code = await runAgent({ ...agent, args: ['install', '--no-service', '--accept-missing'], env }, signal);
    if (code !== 0) return null;
  }
  if (signal.aborted) return null;
  return keepAgent({ ...agent, args: ['run'] });
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
