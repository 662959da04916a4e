import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../../../test/servers/free-port.ts';
import { eventXml, temporaryFolder, winlogbeatJson } from './testing/reading-events.ts';

test('a collector that is killed between any two steps loses no event and keeps none twice', {
  timeout: 240_000,
}, async () => {
  const { folder, remove } = temporaryFolder();
  const drop = join(folder, 'drop');
  mkdirSync(drop);
  const expected = new Set<number>();
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  for (const id of [...range(1, 1_200), ...range(5_001, 300), ...range(8_001, 200)]) expected.add(id);
  writeFileSync(
    join(drop, 'a.ndjson'),
    range(1, 1_200)
      .map((id) => `${winlogbeatJson(id)}\n`)
      .join(''),
  );
  writeFileSync(
    join(drop, 'b.xml'),
    `<Events>${range(5_001, 300)
      .map((id) => eventXml(id))
      .join('')}</Events>`,
  );
  const before = new Date(Date.now() - 60_000);
  for (const name of readdirSync(drop)) utimesSync(join(drop, name), before, before);
  const token = 'token-of-the-tests';
  const port = await freePort();
  const settings = JSON.stringify({ eventFolder: drop, eventPort: port, eventToken: token });
  let killed = 0;
  let sent = 0;
  const deliveries = range(0, 40).map((i) =>
    range(8_001 + i * 5, 5)
      .map((id) => eventXml(id))
      .join(''),
  );

  /** One life of the process: takes what is sent, reads; true when it read all that was there. */
  const live = async (killAt: number): Promise<boolean> => {
    const child = fork(join(import.meta.dirname, 'testing', 'events-process.ts'), [folder, settings, String(killAt)], {
      execArgv: [],
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const said: string[] = [];
    let wake = () => {};
    child.on('message', (message) => {
      said.push(String(Object(message).said));
      wake();
    });
    let isOver = false;
    const ended = once(child, 'exit').then(() => {
      isOver = true;
      wake();
    });
    const until = async (isTrue: () => boolean) => {
      while (!isTrue() && !isOver)
        await new Promise<void>((next) => {
          wake = next;
        });
    };
    await until(() => said.some((line) => line.startsWith('Events are received')));
    // What is not acknowledged is sent again, as Winlogbeat does.
    for (let tries = 0; sent < deliveries.length && !isOver && tries < 200; tries++) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        ...{ method: 'POST', body: deliveries[sent] ?? '', headers: { authorization: `Bearer ${token}` } },
      }).catch(() => null);
      if (answer?.status === 204) sent++;
      // Some each life, so that later ones find something to take, too.
      if (sent % 7 === 0 && killAt > 0 && answer !== null) break;
    }
    for (let reads = 0; reads < 2 && !isOver; reads++) {
      child.send('read');
      await until(() => said.filter((line) => line === 'read').length > reads);
    }
    const isDone = !isOver;
    if (isDone) child.send('stop');
    else killed++;
    await ended;
    return isDone;
  };

  try {
    for (const killAt of [2, 5, 9, 14, 19, 23, 30, 34, 41, 48]) await live(killAt);
    while (!(await live(0)));
    const ids = readFileSync(join(folder, 'kept.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => JSON.parse(line).ids as string[]);
    // dc1.corp.example/Security/<record id>/<time>
    const numbers = [...new Set(ids)].map((id) => Number(id.split('/')[2])).sort((a, b) => a - b);
    expect(numbers).toEqual([...expected].sort((a, b) => a - b));
    expect(killed).toBeGreaterThan(5);
    expect(sent).toBe(deliveries.length);
  } finally {
    remove();
  }
});
