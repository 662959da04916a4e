import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { entryMessage, searchMessage } from '../fake/answer.ts';
import { integer, octets, sequence } from '../fake/ber.ts';
import { openController } from '../fake/index.ts';
import { clientOf, kingdom, people } from './reading.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What is in use, garbage apart. */
const usedBytes = async (): Promise<number> => {
  // Twice, because what a buffer stood on is freed after the buffer.
  for (let i = 0; i < 2; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

test('100,000 entries stream through a memory that does not grow', async () => {
  const pages = 100;
  await using controller = await openController(kingdom(0));
  let page = 0;
  controller.plant((request) => {
    if (request.kind !== 'search') return undefined;
    const first = page * 1_000;
    const entries = Array.from({ length: 1_000 }, (_, i) =>
      entryMessage(request.id, {
        dn: `CN=Person ${first + i},OU=People,DC=sevenkingdoms,DC=local`,
        attributes: [
          { name: 'sAMAccountName', values: [Buffer.from(`person${first + i}`)] },
          { name: 'nTSecurityDescriptor', values: [Buffer.alloc(1_184, i)] },
        ],
      }),
    );
    const cookie = ++page === pages ? '' : String(page);
    const controls = { '1.2.840.113556.1.4.319': sequence(integer(0), octets(cookie)) };
    return { kind: 'bytes', bytes: Buffer.concat([...entries, searchMessage(request.id, { code: 0, controls })]) };
  });
  const { ldap } = clientOf(controller);
  const used: number[] = [];
  let count = 0;
  for await (const { entries } of ldap.search(people)) {
    count += entries.length;
    if (count % 10_000 === 0) used.push(await usedBytes());
  }
  expect(count).toBe(100_000);
  const [first = 0, ...later] = used;
  // 150 MB went through; a page is 1.5 MB.
  expect(Math.max(...later) - first).toBeLessThan(4 * 1024 * 1024);
});
