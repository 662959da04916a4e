import { runStreams } from '@gatehouse/connector-kit';
import { createMemoryStore } from '@gatehouse/connector-kit/testing';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import { createHost, type RunHost } from '@gatehouse/host';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Domain, noSamba, startDomain } from './servers/samba/domain.ts';

const reason = noSamba();

describe.skipIf(reason !== null)(
  `password policies of a real domain${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let domain: Domain;
    beforeAll(async () => {
      domain = await startDomain();
    });
    afterAll(() => domain?.stop());

    const read = async ({ userPrincipalName, password }: Domain['reader']) => {
      const host = createHost({ signal: new AbortController().signal, attempts: 2 });
      // Its name is known to no name server.
      const known: RunHost = {
        ...host,
        ldap: (options) => host.ldap({ ...options, addresses: { [domain.names.controller]: [domain.address] } }),
      };
      const store = createMemoryStore();
      const { streams } = await runStreams({
        ...{ connector: activeDirectory, host: known, store, streams: ['password-policies'] },
        settings: {
          ...{ controllers: domain.url, certificateAuthorities: domain.ca },
          ...{ bindName: userPrincipalName, password },
        },
      });
      return {
        stream: streams[0],
        names: [...store.records('password-policies').values()].map((one) => 'name' in one && one.name),
      };
    };

    test('are read by who may read them, and who may not is told so instead of finding none', async () => {
      const whole = await read(domain.administrator);
      expect(whole.stream).toMatchObject({ state: 'done', health: 'connected' });
      expect(whole.names.toSorted()).toEqual(['Administrators', 'Kiosk', 'Service accounts']);
      const hidden = await read(domain.reader);
      expect(hidden.names).toEqual([]);
      expect(hidden.stream?.fault).toMatchObject({
        ...{ kind: 'forbidden', advice: expect.stringContaining('the right to read the Password Settings Container') },
      });
    });
  },
);
