// A working process that is killed at one step of its disk or its network: nothing after it happens.
import { realDisk } from '@gatehouse/host/agent';
import { startWork } from '../work.ts';
import { madeUp } from './made-up.ts';

const [home = '', at = '0'] = process.argv.slice(2);
let left = Number(at);
const step = () => {
  if (left > 0 && --left === 0) process.kill(process.pid, 'SIGKILL');
};
/** Each step is one before it and one after it, so that what was done and not heard of is met too. */
const around =
  <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
  async (...args: A): Promise<R> => {
    step();
    const result = await work(...args);
    step();
    return result;
  };

const { fetch } = globalThis;
globalThis.fetch = around(fetch) as typeof fetch; // the same function, with a step before and after it
const running = await startWork({
  home,
  plugins: [madeUp],
  disk: {
    ...realDisk,
    write: around(realDisk.write),
    rename: around(realDisk.rename),
    remove: around(realDisk.remove),
    settle: around(realDisk.settle),
  },
  onReported: () => process.send?.('reported'),
});
process.once('SIGTERM', () => {
  running.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
