import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '@gatehouse/database';
import { makeSmallDisk, noSmallDisk } from '@gatehouse/database/testing';
import { expect, test } from 'vitest';
import { acmeOf, goodToken } from '../testing/acme.ts';
import { connect, eventually, inventoryOf, runAcme, runOver, testInsights } from '../testing/test-insights.ts';

const MiB = 2 ** 20;
const reason = noSmallDisk();
const title = (words: string) => `${words}${reason === null ? '' : ` (skipped: ${reason})`}`;

/** People of whom a thousand take four megabytes, whatever compresses them. */
const manyPeople = (count: number) => {
  const { people } = acmeOf(count);
  return people.map((person) => ({ ...person, note: randomBytes(3_000).toString('base64') }));
};

test.skipIf(reason !== null)(
  title(
    'a run that reads more than the disk holds loses nothing, says why it stands still, and ends when there is room',
  ),
  { timeout: 90_000 },
  async () => {
    const disk = makeSmallDisk(1024 * MiB);
    const told: string[] = [];
    const database = await startEmbedded({
      ...{ home: join(disk.folder, 'home'), leastRoomBytes: 48 * MiB },
      onTrouble: (text) => void told.push(text),
    });
    try {
      await using host = await testInsights({ databaseUrl: await database.database('insights') });
      const inventory = () => inventoryOf(host.insights.database, tenantId);
      const tenantId = await host.tenant('Full');
      await using system = await runAcme(acmeOf(25));
      const connectionId = await connect(host.operator, tenantId, system.settings);
      await runOver(host.operator, tenantId, connectionId);
      const before = await inventory();
      const at = `/api/tenants/${tenantId}/connections/${connectionId}`;

      // Room for a part of what comes, above what must stay free.
      disk.resize(disk.usedBytes() + 52 * MiB);
      const added = manyPeople(4_000).slice(25);
      system.holds.people.push(...added);
      await host.operator.post(`${at}/runs`, {});
      await eventually(async () => told.length > 0);
      expect(told[0]).toMatch(/The disk of .* is full: \d+ MB are left.*Free some space/);
      // Read as ever; what would change something says why it cannot.
      const refused = await eventually(async () => {
        const answer = await host.operator.ask('PATCH', at, { body: { name: 'Other' } });
        return answer.status === 503 ? answer : null;
      });
      expect(refused.body.detail).toContain('its disk is full');
      const detail = await host.operator.get(at);
      expect(detail.body).toMatchObject({ connectivity: 'connected', name: 'Acme' });
      expect((await host.operator.get(`${at}/runs`)).body.items[0].state).toBe('running');
      const meanwhile = await inventory();
      expect(meanwhile).toEqual(expect.arrayContaining(before));
      expect(meanwhile.length).toBeLessThan(before.length + added.length);
      // The run itself found out.
      await eventually(async () => host.log.some((line) => line.includes('25006')));

      disk.resize(1024 * MiB);
      const run = await runOver(host.operator, tenantId, connectionId);
      expect(told).toHaveLength(2);
      expect(run).toMatchObject({ state: 'succeeded' });
      expect(run.streams[0]).toMatchObject({ stream: 'people', records: 4_000, gone: 0, fault: null });
      expect(await inventory()).toHaveLength(before.length + added.length);
      expect((await host.operator.get(at)).body).toMatchObject({ connectivity: 'connected', records: 4_008 });
      const seen = [...host.log, ...told, readFileSync(join(disk.folder, 'home', 'postgres.log'), 'utf8')].join('\n');
      expect(seen).not.toContain(goodToken);
    } finally {
      await database.stop();
      disk.close();
    }
  },
);
