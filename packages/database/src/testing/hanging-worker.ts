// A process that takes up a job and never ends it; a test kills it.
import { openJobs } from '../jobs.ts';

const jobs = await openJobs({ url: process.argv[2] ?? '', pollSeconds: 0.5, onError: () => undefined });
await jobs.work({ name: 'reads', heartbeatSeconds: 10, retryDelaySeconds: 1 }, async () => {
  process.send?.('taken');
  await new Promise(() => undefined);
});
await jobs.send('reads', {}, { key: 'a' });
