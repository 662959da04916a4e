import { join } from 'node:path';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { realDisk } from '@gatehouse/host/agent';
import { systemClock } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeActivity } from '../../../../test/servers/samba/activity.ts';
import { type Domain, noSamba, startDomain } from '../../../../test/servers/samba/domain.ts';
import { createSambaLog } from './samba-log.ts';
import { temporaryFolder } from './testing/reading-events.ts';

const missing = await noSamba();

describe.skipIf(missing !== null)(
  `a real domain’s audit log${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let domain: Domain;
    const temporary = temporaryFolder();
    beforeAll(async () => {
      domain = await startDomain();
    }, 180_000);
    afterAll(async () => {
      await domain?.stop();
      temporary.remove();
    });

    test('gives sign-ins that worked and that did not, passwords and members, each once', {
      timeout: 120_000,
    }, async () => {
      const log = createSambaLog({
        ...{ path: domain.auditLog, computer: `${domain.names.controller}`, disk: realDisk, clock: systemClock },
        ledger: join(temporary.folder, 'samba.json'),
        quietMs: 0,
      });
      const read = async (from: string | null) => {
        const records: {
          id: string;
          action?: string | null;
          outcome?: string | null;
          actorId?: string | null;
          raw?: unknown;
        }[] = [];
        let cursor = from;
        let caveats: unknown = null;
        const { 'security-events': stream } = activeDirectory.streams;
        // Nothing of the directory is asked for what arrives.
        const client = { eventLogs: { arriving: [log] }, now: () => new Date() } as never;
        for await (const page of stream?.read(client, from) ?? []) {
          records.push(...page.records);
          cursor = page.cursor;
          caveats = page.caveats;
        }
        return { records, cursor, caveats };
      };
      const before = await read(null);
      const activity = await makeActivity(domain);
      const { records, cursor, caveats } = await read(before.cursor);
      const of = (action: string, outcome: string) =>
        records.filter((one) => one.action === action && one.outcome === outcome).map((one) => JSON.stringify(one));
      expect(of('4624', 'success').some((text) => text.includes(activity.signedIn))).toBe(true);
      expect(of('4625', 'failure').some((text) => text.includes(activity.refused))).toBe(true);
      expect(of('4625', 'failure').some((text) => text.includes(activity.unknown))).toBe(true);
      expect(records.some(({ action }) => action === '4723' || action === '4724')).toBe(true);
      expect(records.some(({ action, actorId }) => action === '4728' && actorId?.startsWith('S-1-5-21-'))).toBe(true);
      expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
      expect(caveats).toEqual([]);
      expect((await read(cursor)).records.filter(({ id }) => records.some((one) => one.id === id))).toEqual([]);
    });
  },
);
