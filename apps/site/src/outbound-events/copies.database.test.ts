import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Outbound, type OutboundParts, openOutbound } from './open-outbound.ts';
import { claimTurns, takeNext } from './queue.ts';
import { arrived, type OutboundDesk, openOutboundDesk, secondsOf, upTo } from './testing/outbound-desk.ts';
import { openReceiver, silent } from './testing/receiver.ts';

const onlyAdded = { events: ['support_conference_member_added'] };
let desk: OutboundDesk;
beforeAll(async () => {
  desk = await openOutboundDesk(10_000);
});
afterAll(() => desk.close());
afterEach(() => desk.clear());

describe('whatever happens to the site', () => {
  const copies: Outbound[] = [];
  const copy = (more: Partial<OutboundParts> = {}) => {
    const one = openOutbound({ ...desk.site.outbound.parts, ...more });
    copies.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(copies.splice(0).map((one) => one.close()));
  });

  test('two thousand events at once arrive in order, each once', async () => {
    await using receiver = await openReceiver();
    await desk.add(receiver, onlyAdded);
    await desk.burst(2_000);
    await arrived(receiver, 1_000);
    await arrived(receiver, 2_001);
    expect(secondsOf(receiver).slice(1)).toEqual(upTo(2_000));
  });

  test('three copies of it share recipients, and each of these has every event once, in order', async () => {
    const receivers = await Promise.all(upTo(4).map(() => openReceiver()));
    for (const one of receivers) await desk.add(one, onlyAdded);
    for (let number = 0; number < 2; number += 1) copy({ everyMs: 10 });
    await desk.burst(100);
    await Promise.all(receivers.map((one) => arrived(one, 101)));
    for (const one of receivers) expect(secondsOf(one).slice(1)).toEqual(upTo(100));
    await Promise.all(receivers.map((one) => one[Symbol.asyncDispose]()));
  });

  test('a recipient that takes its time holds up no other', async () => {
    await using slow = await openReceiver();
    await using quick = await openReceiver();
    await desk.site.outbound.close();
    slow.next(silent);
    const id = await desk.add(slow, onlyAdded);
    await desk.add(quick, onlyAdded);
    copy({ everyMs: 50, timeoutMs: 14_000 });
    await desk.burst(50);
    await arrived(quick, 51);
    expect(secondsOf(quick).slice(1)).toEqual(upTo(50));
    expect(slow.posted).toHaveLength(1);
    expect((await desk.deliveries(id)).at(-1).tries).toBe(0);
  });

  test('a copy that was away for longer than its turn sends nothing more in it', async () => {
    await using receiver = await openReceiver();
    await desk.site.outbound.close();
    const id = await desk.add(receiver, onlyAdded);
    await desk.wait();
    const [away, other] = [
      { id: 'away', leaseMs: 0 },
      { id: 'other', leaseMs: 60_000 },
    ];
    const now = desk.clock.now();
    await desk.site.database.system(async (tx) => {
      expect(await claimTurns(tx, away, now)).toEqual([id]);
      expect(await takeNext(tx, away, id, now)).not.toBeNull();
      expect(await claimTurns(tx, other, now)).toEqual([id]);
      expect(await takeNext(tx, away, id, now)).toBeNull();
      expect(await claimTurns(tx, away, now)).toEqual([]);
      expect(await takeNext(tx, other, id, now)).not.toBeNull();
    });
  });

  test('one that hears nothing finds by itself what waits', async () => {
    await using receiver = await openReceiver();
    await desk.add(receiver, onlyAdded);
    await desk.site.outbound.close();
    await desk.wait();
    copy({ everyMs: 50, databaseUrl: 'postgres://nobody:x@127.0.0.1:9/nothing' });
    await arrived(receiver, 1);
  });

  test('an event that was posted and not noted, because the site was killed, is posted again by another copy', async () => {
    await using receiver = await openReceiver();
    const id = await desk.add(receiver);
    await desk.site.outbound.close();
    receiver.next(silent);
    const child = fork(join(import.meta.dirname, 'testing/deliver-process.ts'), [desk.test.url, desk.home], {
      ...{ execArgv: [], stdio: 'ignore' },
    });
    await once(child, 'message');
    await desk.wait();
    await arrived(receiver, 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await desk.deliveries(id)).map(({ tries }: { tries: number }) => tries)).toEqual([0, 0]);
    copy({ everyMs: 50 });
    await arrived(receiver, 3);
    const [first, again, next] = receiver.posted;
    expect([again?.body, again?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
    expect(next?.body).toContain('member_added');
  });
});
