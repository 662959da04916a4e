// Serves the sample server as whoever runs this, says what it is, and takes words from the process that started it.
import { serveSsh } from '../ssh/serve-ssh.ts';

const server = await serveSsh(process.argv[2] ?? '');
if ('whyNot' in server) {
  process.send?.(server);
  process.disconnect?.();
} else {
  const { address, port, account, hostKey, isNew } = server;
  process.send?.({ address, port, account, hostKey, isNew });
  process.on('message', async (word) => {
    if (word === 'new password') process.send?.({ password: (await server.newPassword()).reveal() });
    else await server.close().then(() => process.disconnect?.());
  });
}
