// An ECM that kills itself at one step of its disk or its network: `<home> <step> <start|list|retrieval>`: counted from
// its start, from the first list, or from the first retrieval on.
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { ClientRequest } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from '@gatehouse/host/testing';
import { privilegedIdentity } from '@gatehouse/vaults/privileged-identity';
import { startEcm } from '../start-ecm.ts';
import { memoryVault } from './fake-vault.ts';

const [home = '', killAt = '0', from = 'start'] = process.argv.slice(2);
const beginnings: Readonly<Record<string, readonly string[]>> = {
  list: ['Credentials are asked for.'],
  retrieval: ['A credential is asked for.'],
};
let counts = from === 'start';
let step = 0;
const tick = () => {
  if (counts && ++step === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};

/** Before each step is behind the one before it; what others do of their own is looked at from both sides. */
const watch = (owner: object, name: string, isStep: (first: unknown) => boolean = () => true) => {
  const act: unknown = Reflect.get(owner, name);
  if (typeof act !== 'function') throw new Error(`there is no ${name}`);
  Reflect.set(owner, name, function (this: unknown, ...words: unknown[]) {
    if (isStep(words[0])) tick();
    const done: unknown = act.apply(this, words);
    return name === 'fetch' && done instanceof Promise ? done.finally(tick) : done;
  });
};

// Loaded ahead of its turn: most of a short life would be the loading.
process.send?.('loaded');
await once(process, 'message');

const handle = await open(join(home, 'ecm.json'));
const { prototype } = handle.constructor;
await handle.close();
for (const name of ['writeFile', 'datasync', 'sync']) watch(prototype, name);
watch(WebSocket.prototype, 'send');
watch(globalThis, 'fetch');
watch(ClientRequest.prototype, 'end');
watch(ClientRequest.prototype, 'emit', (event) => event === 'response');

const running = await startEcm({
  ...{ home, environment: {}, firstMs: 20 },
  vaults: [memoryVault, privilegedIdentity],
  echo(line) {
    if (beginnings[from]?.some((words) => line.includes(words))) counts = true;
  },
});
process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)));
// Whoever started it is gone: nothing here may outlive a test.
process.on('disconnect', () => process.exit(1));
