import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { createDirectory, openController, sidBytes } from '@gatehouse/connectors/active-directory/fake';
import { realDisk } from '@gatehouse/host/agent';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../test/servers/free-port.ts';
import { definePlugin } from '../plugin.ts';
import { readSettings, writeSettings } from '../settings/index.ts';
import { installOne, source, until } from '../testing/installed.ts';
import { startWork } from '../work.ts';
import { eventXml, winlogbeatJson } from './testing/reading-events.ts';

const plugin = definePlugin('active-directory', activeDirectory, async () => ({ id: source.id, name: source.name }));

/** A domain in which there is nothing but what every domain has. */
const bareDomain = () => {
  const directory = createDirectory('corp.example');
  directory.change('DC=corp,DC=example', { objectSid: Buffer.from(sidBytes('S-1-5-21-1-2-3') ?? []) });
  directory.add('CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,CN=Configuration,DC=corp,DC=example', {
    ...{ objectClass: ['top', 'nTDSDSA'], invocationId: Buffer.alloc(16, 7) },
  });
  return directory;
};

test('a collector sends the events that are put into its folder and those that are sent to it, its token sealed', async () => {
  const installed = await installOne();
  onTestFinished(() => installed.close());
  const controller = await openController(bareDomain());
  onTestFinished(() => controller[Symbol.asyncDispose]());
  const drop = join(installed.home, 'drop');
  mkdirSync(drop, { mode: 0o700 });
  writeFileSync(join(drop, 'a.xml'), eventXml(1));
  utimesSync(join(drop, 'a.xml'), 1, 1);
  const token = 'a-token-that-is-nowhere-else';
  const port = await freePort();
  const before = await readSettings(realDisk, installed.home);
  if (before === null) throw new Error('nothing is installed');
  await writeSettings(
    realDisk,
    installed.home,
    {
      ...before,
      sources: [
        {
          source,
          settings: {
            controllers: controller.ldaps.replace(controller.host, '127.0.0.1'),
            ...{ bindName: controller.account.names[0] ?? '', password: controller.account.password },
            certificateAuthorities: controller.certificateAuthority,
          },
        },
      ],
      events: { eventFolder: drop, eventPort: port, eventToken: token },
    },
    [plugin],
  );
  const work = await startWork({ home: installed.home, plugins: [plugin], refusedMs: 200 });
  onTestFinished(() => work.stop());
  const ids = () =>
    installed.server.batches.flatMap((batch) =>
      batch.type === 'page' && batch.record === 'events' ? batch.records.map(({ id }) => String(id).split('/')[2]) : [],
    );
  await until(() => ids().includes('1'), installed.logged);
  const sent = await fetch(`http://127.0.0.1:${port}/_bulk`, {
    ...{ method: 'POST', headers: { authorization: `Bearer ${token}` } },
    body: `{"create":{}}\n${winlogbeatJson(2)}\n`,
  });
  expect(sent.status).toBe(200);
  installed.server.knobs.runNow.push('active-directory-security-events');
  await until(() => ids().includes('2'), installed.logged);
  expect(ids()).toEqual(['1', '2']);
  // Nobody has written to it for long.
  expect(readdirSync(drop)).toEqual(['done']);
  expect(installed.written().includes(token)).toBe(false);
});
