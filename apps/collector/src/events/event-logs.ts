import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSettings } from '@gatehouse/connector-kit';
import type { ArrivingLog, EventLogs } from '@gatehouse/host';
import type { Disk, Log } from '@gatehouse/host/agent';
import { type Clock, Fault, toFault } from '@gatehouse/kernel';
import { createDropFolder } from './drop-folder.ts';
import { openEventQueue } from './event-queue.ts';
import { EventSettings } from './event-settings.ts';
import { openReceiver } from './receiver.ts';
import { createSambaLog } from './samba-log.ts';
import { openWevtutil } from './wevtutil.ts';

/** The sources of events that were set, behind one interface. */
export interface OpenEventLogs {
  readonly logs: EventLogs;
  /** Receives what is sent, until the signal aborts. */
  run(): Promise<void>;
}

export interface EventLogsOptions {
  readonly home: string;
  /** As `EventSettings` takes them; undefined: none were entered. */
  readonly settings: unknown;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Opens no port yet. @throws Fault `misconfigured` */
export const openEventLogs = async (options: EventLogsOptions): Promise<OpenEventLogs> => {
  const { home, disk, clock, signal, log } = options;
  const settings = parseSettings(EventSettings, options.settings ?? {});
  const folder = join(home, 'events');
  await disk.makeFolder(folder);
  const common = { disk, clock };
  const { eventFolder, sambaAuditLog, sambaController, eventPort, eventToken } = settings;
  const zone = settings.eventZone ?? null;
  let trouble: Fault | null = null;
  const queue =
    eventPort === undefined
      ? null
      : await openEventQueue({ ...common, folder: join(folder, 'queue'), mostBytes: settings.eventQueueBytes, zone });
  const arriving = [
    ...(eventFolder === undefined
      ? []
      : [
          createDropFolder({
            ...{ ...common, folder: eventFolder, keeps: settings.eventFolderKeeps, zone },
            ledger: join(folder, 'folder.json'),
          }),
        ]),
    ...(sambaAuditLog === undefined || sambaController === undefined
      ? []
      : [
          createSambaLog({
            ...{ ...common, path: sambaAuditLog, computer: sambaController },
            ledger: join(folder, 'samba.json'),
          }),
        ]),
    ...(queue === null ? [] : [saying(queue.log, () => trouble)]),
  ];
  return {
    logs: { arriving, ...windowsLogs(settings, signal) },
    async run() {
      if (queue === null || eventPort === undefined || eventToken === undefined) return;
      const bell = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      for (;;) {
        try {
          const tls = await tlsOf(settings);
          const receiver = await openReceiver({
            ...{ queue, log, port: eventPort, token: eventToken, address: settings.eventAddress },
            ...(tls && { tls }),
          });
          trouble = null;
          log.write('info', `Events are received on ${settings.eventAddress}, port ${receiver.port}.`);
          await bell;
          await receiver.close();
          return;
        } catch (error) {
          // Another program may have the port, or a certificate is being replaced: everything else goes on.
          trouble = toFault(error);
          log.write('warn', trouble.advice, { detail: trouble.detail ?? null });
          await clock.sleep(retryMs, signal);
        }
      }
    },
  };
};

const retryMs = 60_000;

/** What arrived before is read; then why nothing arrives. */
const saying = (log: ArrivingLog, trouble: () => Fault | null): ArrivingLog => ({
  ...log,
  async *read(from) {
    yield* log.read(from);
    const fault = trouble();
    if (fault !== null) throw fault;
  },
});

/** The sources as far as they can be tried before anything runs; none of them is opened. */
export const plannedEventLogs = (entered: unknown, signal: AbortSignal): EventLogs => {
  const settings = parseSettings(EventSettings, entered ?? {});
  const { eventFolder, sambaAuditLog, eventPort } = settings;
  const arriving = [eventFolder, sambaAuditLog, eventPort].flatMap((where): readonly ArrivingLog[] =>
    where === undefined
      ? []
      : [{ ...{ id: `${where}`, name: `${where}`, zone: null, computer: null }, read: async function* () {} }],
  );
  return { arriving, ...windowsLogs(settings, signal) };
};

/** The logs of Windows, where this machine runs it and nobody said no. */
const windowsLogs = ({ windowsEvents }: EventSettings, signal: AbortSignal): Pick<EventLogs, 'windows'> => {
  if (process.platform !== 'win32' || !windowsEvents) return {};
  const root = process.env.SystemRoot ?? 'C:\\Windows';
  return { windows: openWevtutil({ program: `${root}\\System32\\wevtutil.exe`, signal }) };
};

const tlsOf = async ({ eventCertificate, eventCertificateKey }: EventSettings) => {
  if (eventCertificate === undefined || eventCertificateKey === undefined) return null;
  const read = (path: string) =>
    readFile(path, 'utf8').catch((error: unknown) => {
      throw new Fault('misconfigured', `${path} cannot be read.`, error instanceof Error ? error.message : '');
    });
  return { certificate: await read(eventCertificate), key: await read(eventCertificateKey) };
};
