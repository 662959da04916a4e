import { once } from 'node:events';
import { WebSocket } from '@gatehouse/host/testing';
import type { MachineHeard } from '../../api/jump-clients.ts';
import { until } from '../../testing/errands.ts';
import { headersOf } from '../../testing/page-socket.ts';
import type { SiteUser } from '../../testing/test-site.ts';

/** The page of a shell on the machine of a session, with what it showed. */
export const openShellPage = async (person: SiteUser, lsid: string) => {
  const url = `${person.url.replace(/^http/, 'ws')}/api/support/sessions/${lsid}/machine/shell?columns=90&rows=20`;
  const socket = new WebSocket(url, { headers: headersOf(person) });
  const heard: MachineHeard[] = [];
  let text = '';
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) text += data.toString();
    else heard.push(JSON.parse(data.toString()));
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const refused = once(socket, 'unexpected-response').then(([, answer]) => answer.statusCode);
  await Promise.race([once(socket, 'open'), refused]);
  return {
    ...{ socket, heard, closed, refused },
    type: (typed: string) => socket.send(Buffer.from(typed)),
    shows: (wanted: string) =>
      until(
        () => text.includes(wanted),
        () => ({ text, heard }),
      ),
    /** Its prompt is there: what is typed earlier may be thrown away while the shell begins. */
    begun: () =>
      until(
        () => text !== '',
        () => heard,
      ),
    reason: () => heard.flatMap((one) => (one.type === 'over' ? [one.reason] : []))[0],
  };
};
