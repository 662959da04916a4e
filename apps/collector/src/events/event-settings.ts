import { fields } from '@gatehouse/fields';
import type { z } from 'zod';

/** Where events come from, beside the logs of Windows. Each is left out where there is none of it. */
export const EventSettings = fields
  .object({
    eventFolder: fields
      .text(
        'Folder of event files',
        'Files of events that are put there are read once: .evtx, XML, JSON and lines of JSON. Those that grow are followed.',
      )
      .optional(),
    eventFolderKeeps: fields
      .toggle('Keep files where they are', 'No: what was read is moved into the folder “done” in it.')
      .default(false),
    sambaAuditLog: fields
      .text(
        'Samba’s audit log',
        'The file into which a Samba domain controller on this machine writes auth_json_audit and dsdb_json_audit.',
      )
      .optional(),
    sambaController: fields
      .text('Name of the Samba domain controller', 'Its DNS name, such as dc1.corp.example; the log does not hold it.')
      .optional(),
    eventPort: fields
      .number(
        'Port for forwarded events',
        'Winlogbeat, NXLog and Windows Event Collectors send their events to it over HTTP.',
        { min: 1, max: 65_535 },
      )
      .optional(),
    eventAddress: fields
      .text(
        'Address that it listens on',
        'Other machines can send to any address but 127.0.0.1; what they send must be encrypted, so that it needs a certificate.',
      )
      .default('127.0.0.1'),
    eventToken: fields
      .secret('Token of those that send', 'Sent as a bearer token, as the password, or as an API key.')
      .optional(),
    eventCertificate: fields
      .text('Certificate of the receiver', 'Path of a file: the certificate and those above it, PEM.')
      .optional(),
    eventCertificateKey: fields.text('Key of that certificate', 'Path of a file, PEM.').optional(),
    eventZone: fields
      .text(
        'Time zone of events without one',
        'Such as Europe/Zurich or +02:00; NXLog writes local times where it is not told otherwise.',
      )
      .optional(),
    eventQueueBytes: fields
      .number('Bytes of events that wait', 'When there are more, the oldest are dropped, and that is said.', {
        min: 1_000_000,
        max: 100_000_000_000,
      })
      .default(500_000_000),
    windowsEvents: fields
      .toggle(
        'Read the logs of Windows',
        'Of domain controllers and enrolment servers, where this machine runs Windows.',
      )
      .default(true),
  })
  .refine(({ sambaAuditLog, sambaController }) => (sambaAuditLog === undefined) === (sambaController === undefined), {
    error: 'Name both Samba’s audit log and the domain controller that writes it.',
    path: ['sambaController'],
  })
  .refine(({ eventPort, eventToken }) => eventPort === undefined || eventToken !== undefined, {
    error: 'Those that send events need a token.',
    path: ['eventToken'],
  })
  .refine(
    ({ eventCertificate, eventCertificateKey }) =>
      (eventCertificate === undefined) === (eventCertificateKey === undefined),
    { error: 'A certificate needs its key.', path: ['eventCertificateKey'] },
  )
  .refine(
    ({ eventPort, eventAddress, eventCertificate }) =>
      eventPort === undefined || isLoopback(eventAddress) || eventCertificate !== undefined,
    { error: 'Other machines may only send encrypted: set a certificate.', path: ['eventCertificate'] },
  );
export type EventSettings = z.output<typeof EventSettings>;

export const isLoopback = (address: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(address);
