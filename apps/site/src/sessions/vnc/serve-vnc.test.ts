import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { rfbGreeting } from '../../api/desktop-format.ts';
import { encoding } from './encodings.ts';
import { fakeEndpoint } from './testing/fake-endpoint.ts';
import { rfbClient } from './testing/rfb-client.ts';
import { browserSays, endpointSays, rectangle } from './testing/rfb-words.ts';

/** Waits until a number has come to rest. */
const settles = async (count: () => number) => {
  let before = -1;
  await expect
    .poll(
      () => {
        const isSettled = count() === before;
        before = count();
        return isSettled;
      },
      { interval: 150, timeout: 10_000 },
    )
    .toBe(true);
  return count();
};

describe('a VNC session', () => {
  test('begins without a password, with the screen of the endpoint, and is recorded from there', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint);
    client.says(browserSays.hello, browserSays.ask(false));
    const socket = await endpoint.joined;
    socket.write(endpointSays.bell);
    await expect.poll(() => client.seen().at(-1)).toBe(2);
    expect(client.seen().subarray(0, 18).equals(rfbGreeting)).toBe(true);
    expect(
      client
        .seen()
        .subarray(18 + 24, -1)
        .toString(),
    ).toBe('fake');
    expect(client.recorded().equals(client.seen())).toBe(true);
    expect(client.opened()).toBe(1);
    client.leave.abort();
    expect(await client.over).toBeNull();
  });

  test('is over when the endpoint closes it, after everything was shown, and the browser can still be told why', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint);
    client.says(browserSays.hello);
    const socket = await endpoint.joined;
    socket.end(Buffer.concat([endpointSays.bell, endpointSays.cutText('last words')]));
    expect(await client.over).toBeNull();
    expect(client.seen().subarray(-10).toString()).toBe('last words');
    expect([client.browser.destroyed, client.browser.writable]).toEqual([false, true]);
  });

  test('is over when the browser leaves, and the endpoint is left then', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint);
    client.says(browserSays.hello);
    const socket = await endpoint.joined;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    client.browser.end();
    expect(await client.over).toBeNull();
    await closed;
  });

  test('ends with a Fault when the endpoint is lost', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint);
    client.says(browserSays.hello);
    (await endpoint.joined).resetAndDestroy();
    expect(await client.over).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('lost') });
  });

  test('ends with a Fault when either side says what is no message, and lets nothing of it through', async () => {
    await using first = await fakeEndpoint();
    const page = rfbClient(first);
    page.says(browserSays.hello, Buffer.from('\x07planted'));
    const heard: Buffer[] = [];
    (await first.joined).on('data', (bytes) => heard.push(bytes));
    expect(await page.over).toMatchObject({ kind: 'unexpected', advice: expect.stringContaining('The page') });
    expect(Buffer.concat(heard).toString()).toBe('');
    await using second = await fakeEndpoint();
    const client = rfbClient(second);
    client.says(browserSays.hello);
    (await second.joined).write('\x0bplanted');
    expect(await client.over).toMatchObject({ kind: 'unexpected', advice: expect.stringContaining('Desk sent') });
    expect(client.seen().toString()).not.toContain('planted');
  });

  test('shows nothing before it is recorded, and nothing at all that cannot be', async () => {
    await using endpoint = await fakeEndpoint();
    const recording = Promise.withResolvers<void>();
    const client = rfbClient(endpoint, { record: () => recording.promise });
    await endpoint.joined;
    expect(client.seen().length).toBe(0);
    recording.reject(new Error('the disk is full'));
    expect(await client.over).toMatchObject({ message: 'the disk is full' });
    expect(client.seen().length).toBe(0);
  });

  test('makes an endpoint wait for a slow browser, and a browser for a slow endpoint', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint, { reads: false });
    client.says(browserSays.hello);
    const socket = await endpoint.joined;
    const drawn = endpointSays.update(rectangle(encoding.raw, 100, 100, Buffer.alloc(40_000)));
    const flood = (write: () => boolean) => {
      let calls = 0;
      while (write()) if (++calls > 100_000) return;
    };
    // Keeps on saying whenever there is room.
    const saying = () => flood(() => socket.write(drawn));
    socket.on('drain', saying);
    saying();
    expect(await settles(() => client.recorded().length)).toBeLessThan(1_000_000);
    socket.off('drain', saying);
    const typed = Buffer.concat(Array.from({ length: 1_000 }, () => browserSays.pointer(1, 1)));
    const typing = () => flood(() => client.browser.write(typed));
    client.browser.on('drain', typing);
    typing();
    const inputs = await settles(() => client.inputs());
    expect(inputs).toBeGreaterThan(1_000);
    // What fits into the buffers of the system, 6 bytes each.
    expect(inputs).toBeLessThan(2_000_000);
    client.leave.abort();
    expect(await client.over).toBeNull();
  });

  test('shows a slow browser the last words of its endpoint', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint, { reads: false });
    client.says(browserSays.hello);
    const socket = await endpoint.joined;
    socket.end(endpointSays.cutText(`${'x'.repeat(200_000)}last words`));
    await expect.poll(() => client.recorded().length).toBeGreaterThan(10_000);
    const seen: Buffer[] = [];
    client.browser.on('data', (bytes) => seen.push(bytes));
    expect(await client.over).toBeNull();
    expect(Buffer.concat(seen).subarray(-10).toString()).toBe('last words');
  });

  test('does not go on listening to a slow browser whose endpoint is gone', async () => {
    await using endpoint = await fakeEndpoint();
    const client = rfbClient(endpoint, { reads: false });
    client.says(browserSays.hello);
    const socket = await endpoint.joined;
    socket.write(endpointSays.cutText('x'.repeat(200_000)));
    await expect.poll(() => client.recorded().length).toBeGreaterThan(10_000);
    socket.resetAndDestroy();
    const words = Buffer.concat(Array.from({ length: 1_000 }, () => browserSays.pointer(1, 1)));
    let said = 0;
    const talk = () => {
      while (++said < 2_000 && client.browser.write(words));
    };
    client.browser.on('drain', talk);
    talk();
    // Far less than it wanted to say.
    expect(await settles(() => said)).toBeLessThan(1_500);
    client.browser.resume();
    expect(await client.over).toMatchObject({ kind: 'unreachable' });
  });

  test('that nobody can open tells why and was never open', async () => {
    const closed = await fakeEndpoint();
    await closed[Symbol.asyncDispose]();
    const client = rfbClient(closed);
    expect(await client.over).toBeInstanceOf(Fault);
    expect(client.opened()).toBe(0);
    expect(client.seen().length).toBe(0);
  });
});
