import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Embedded } from '@gatehouse/database';
import { WebSocket } from '@gatehouse/host/testing';
import type { TestClient } from '@gatehouse/server/testing';
import { z } from 'zod';
import { type Figure, percentile } from './figure.ts';
import { type Program, startProgram } from './programs.ts';
import { behindProxy, openRepresentative, openSupportSession } from './support-session.ts';

/** Left out of the figure: every page is opened, and the site is as large as it is when it works. */
const warmUpSeconds = 5;
/** What is not there so long after the last was said is lost. */
const lostMs = 30_000;

const Heard = z.object({
  type: z.literal('events'),
  events: z.array(z.object({ type: z.string(), body: z.object({ text: z.string().optional() }).loose() })),
});

/**
 * So many support sessions at once, in each of which the customer says something every second, from another moment of it;
 * measured from when the page of the customer says it until the page of the representative has it, kept by then. Both ends
 * are here, so that what they need of the machine is in it too. The site is a process as it is installed, behind a proxy.
 */
export const measureChats = async (
  server: Embedded,
  scratch: string,
  plan: { readonly chats: number; readonly seconds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using site = await startProgram('site', server, scratch, behindProxy);
  const representative = await openRepresentative(site);
  const chats: Chat[] = [];
  for (let number = 0; number < plan.chats; number += 1) chats.push(await openChat(site, representative, number));
  say(`chats: ${chats.length} sessions are open`);
  await Promise.all(chats.map((chat, at) => talk(chat, (at / chats.length) * 1_000, warmUpSeconds + plan.seconds)));
  const last = performance.now();
  const isWhole = ({ said, heard }: Chat) => heard.length >= said.length;
  while (!chats.every(isWhole) && performance.now() - last < lostMs) await pause(50);
  const times = chats.flatMap(({ said, heard }) =>
    said.slice(warmUpSeconds).flatMap(({ text, at }) => {
      const found = heard.find((one) => one.text === text);
      return found === undefined ? [] : [found.at - at];
    }),
  );
  const wrong = chats.filter(
    ({ said, heard }) => said.map(({ text }) => text).join() !== heard.map(({ text }) => text).join(),
  );
  for (const { close } of chats) close();
  say(
    `chats: ${times.length} messages (median ${percentile(times, 0.5).toFixed(1)}, p99 ${percentile(times, 0.99).toFixed(1)}, ` +
      `most ${Math.max(...times).toFixed(1)} ms)`,
  );
  const name = `${plan.chats} chats of a message a second`;
  return [
    {
      ...{ name: `${name}, p99 until it is there`, ours: percentile(times, 0.99), unit: 'ms' },
      floor: null,
      limit: 100,
    },
    {
      ...{ name: `${name}, with something lost, twice or out of order`, ours: wrong.length },
      unit: 'of them',
      floor: null,
      limit: 0,
    },
  ];
};

interface Chat {
  readonly customer: WebSocket;
  readonly said: { readonly text: string; readonly at: number }[];
  readonly heard: { readonly text: string; readonly at: number }[];
  close(): void;
}

const openChat = async (site: Program, representative: TestClient, number: number): Promise<Chat> => {
  const { customer, forwarded, lsid } = await openSupportSession(site, representative, number);
  const chat = { said: [], heard: [] as { text: string; at: number }[] };
  const line = await open(representative, `/api/support/sessions/${lsid}/live?after=0`, {});
  line.on('message', (data: Buffer, isBinary: boolean) => {
    const at = performance.now();
    const heard = isBinary ? undefined : Heard.safeParse(JSON.parse(data.toString('utf8'))).data;
    for (const { type, body } of heard?.events ?? [])
      if (type === 'chat_message' && body.text !== undefined) chat.heard.push({ text: body.text, at });
  });
  const own = await open(customer, '/api/portal/session/live?after=0', forwarded);
  return {
    ...{ ...chat, customer: own },
    close() {
      line.terminate();
      own.terminate();
    },
  };
};

const open = async (person: TestClient, path: string, headers: Record<string, string>): Promise<WebSocket> => {
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${person.url.replace(/^http/, 'ws')}${path}`, {
    headers: { ...headers, cookie, origin: new URL(person.url).origin },
  });
  await once(socket, 'open');
  return socket;
};

const talk = async ({ customer, said }: Chat, offsetMs: number, seconds: number): Promise<void> => {
  const begun = performance.now() + offsetMs;
  for (let second = 0; second < seconds; second += 1) {
    await pause(Math.max(0, begun + second * 1_000 - performance.now()));
    const text = `Message ${second}`;
    said.push({ text, at: performance.now() });
    customer.send(JSON.stringify({ type: 'chat', id: randomUUID(), text }));
  }
};
