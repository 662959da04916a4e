// A process of its own: one of the three that credentials pass, with nothing but the hop and what has to be durable.
// `site <database>`, `ecm <file> <address of the site> <address of the vault>`, `vault <database>`.
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { openDatabase } from '@gatehouse/database';
import { WebSocket, WebSocketServer } from '@gatehouse/host/testing';
import { newId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';

const [role = '', first = '', second = '', third = ''] = process.argv.slice(2);

const openRows = async (url: string) => {
  const database = await openDatabase({ url, migrations: [], poolSize: 4 });
  await sql`create table if not exists hops (id uuid primary key, state text not null)`.execute(database.owner);
  return (statement: RawBuilder<unknown>) => statement.execute(database.owner);
};

const urlOf = (server: { address(): unknown }, protocol: string) =>
  `${protocol}://127.0.0.1:${Object(server.address()).port}`;

const vault = async (): Promise<void> => {
  const write = await openRows(first);
  const server = createServer(async (asked, answer) => {
    await text(asked);
    // The check-out, with its entry of the audit.
    await write(sql`insert into hops values (${newId()}, 'out')`);
    const body = JSON.stringify({ Password: 'x'.repeat(24), AccountName: 'root' });
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ url: urlOf(server, 'http') });
};

const ecm = async (): Promise<void> => {
  const file = await open(first, 'a');
  const append = async (line: string) => {
    await file.appendFile(`${line}\n`);
    await file.datasync();
  };
  const agent = new Agent({ keepAlive: true });
  const ask = (body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const asked = request(third, { agent, method: 'POST', headers: { 'content-length': body.length } }, (answer) => {
        text(answer).then(resolve, reject);
      });
      asked.on('error', reject).end(body);
    });
  const socket = new WebSocket(second);
  socket.on('message', async (data) => {
    // The lease, and as whom the vault will be asked: both before it is. What it said is kept before it is passed on.
    const line = String(data);
    await append(line);
    await append(line);
    const answer = await ask(line);
    await append(line);
    socket.send(answer);
  });
  await once(socket, 'open');
  process.send?.({ url: second });
};

const site = async (): Promise<void> => {
  const write = await openRows(first);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  process.send?.({ url: urlOf(server, 'ws') });
  const [socket]: WebSocket[] = (await connected) as never; // What `ws` says.
  process.on('message', async ({ count }: { readonly count: number }) => {
    const ms: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const id = newId<string>();
      const began = performance.now();
      await write(sql`insert into hops values (${id}, 'asked')`);
      const answered = once(Object(socket), 'message');
      socket?.send(JSON.stringify({ lease: id, credential: 'web1/root', person: 'ada', key: 'x'.repeat(44) }));
      await answered;
      await write(sql`update hops set state = 'held' where id = ${id}`);
      await write(sql`update hops set state = 'ending' where id = ${id}`);
      ms.push(performance.now() - began);
    }
    process.send?.({ ms });
  });
};

process.on('disconnect', () => process.exit());
await new Map([
  ['vault', vault],
  ['ecm', ecm],
  ['site', site],
]).get(role)?.();
