import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainSid, netbiosName } from './domain.ts';
import { ridOf } from './domain-people.ts';
import type { LabOrganisation } from './organisation.ts';
import type { LabPerson } from './people.ts';
import type { Chance } from './random.ts';

/** A folder with the Security log of the domain controllers, which goes on as long as the sample runs. */
export interface SecurityLog {
  readonly folder: string;
  /** Somebody signs in now. */
  signIn(person: LabPerson, at: Date): void;
}

/** Events as forwarders write them, one to a line; those of the last day are there at once. */
export const openSecurityLog = (lab: LabOrganisation, folder: string): SecurityLog => {
  const events = join(folder, 'events');
  const path = join(events, 'security.jsonl');
  const dice = lab.dice('domain sign-ins');
  if (!existsSync(path)) {
    mkdirSync(events, { recursive: true });
    writeFileSync(path, pastDay(lab).map(toLine).join(''));
  }
  return {
    folder: events,
    signIn: (person, at) => appendFileSync(path, toLine({ id: 4768, at, data: ticket(lab, person, dice) })),
  };
};

interface LabEvent {
  readonly id: number;
  readonly at: Date;
  readonly isFailure?: boolean;
  readonly computer?: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Everyday sign-ins, and among them what nobody noticed: passwords tried, tickets to crack, a certificate for another. */
const pastDay = (lab: LabOrganisation): readonly LabEvent[] => {
  const dice = lab.dice('domain events');
  const working = lab.people.filter(({ leftAt }) => leftAt === null);
  const [first, second] = working;
  if (first === undefined || second === undefined) return [];
  const ago = (minutes: number) => new Date(lab.now.getTime() - minutes * 60_000);
  const everyday = Array.from({ length: 600 }, (): LabEvent => {
    const person = dice.pick([first, ...working]);
    return { id: 4768, at: ago(dice.between(5, 1_440)), data: ticket(lab, person, dice) };
  });
  const sprayed = working.slice(40, 90).map(
    (person, at): LabEvent => ({
      ...{ id: 4771, at: ago(310 - at / 10), isFailure: true },
      data: {
        ...{ TargetUserName: person.handle, TargetSid: sidOf(person), ServiceName: `krbtgt/${netbiosName}` },
        ...{ TicketOptions: '0x40810010', Status: '0x18', PreAuthType: '2', IpAddress: '::ffff:198.51.100.77' },
        IpPort: String(49_152 + at),
      },
    }),
  );
  const roasted = ['svc-sql', 'svc-web', 'svc-print'].map(
    (service, at): LabEvent => ({
      ...{ id: 4769, at: ago(120 - at / 10) },
      data: {
        ...{
          TargetUserName: `${second.handle}@${lab.domain.toUpperCase()}`,
          TargetDomainName: lab.domain.toUpperCase(),
        },
        ...{ ServiceName: service, TicketOptions: '0x40810000', TicketEncryptionType: '0x17', Status: '0x0' },
        ...{ IpAddress: '::ffff:10.20.4.31', IpPort: String(50_010 + at) },
      },
    }),
  );
  const locked: LabEvent = {
    ...{ id: 4740, at: ago(300) },
    data: {
      ...{ TargetUserName: first.handle, TargetDomainName: 'WS0007', TargetSid: sidOf(first) },
      ...{ SubjectUserSid: 'S-1-5-18', SubjectUserName: 'DC1$', SubjectDomainName: netbiosName },
    },
  };
  const issued: LabEvent = {
    ...{ id: 4887, at: ago(95), computer: `ca1.${lab.domain}` },
    data: {
      ...{ RequestId: '4711', Requester: `${netbiosName}\\${second.handle}`, Disposition: '3' },
      ...{ Attributes: `CertificateTemplate:MeridianVPN\nSAN:upn=administrator@${lab.domain}`, Subject: '' },
    },
  };
  return [...everyday, ...sprayed, ...roasted, locked, issued].toSorted((a, b) => a.at.getTime() - b.at.getTime());
};

const ticket = (lab: LabOrganisation, person: LabPerson, dice: Chance): LabEvent['data'] => ({
  ...{ TargetUserName: person.handle, TargetDomainName: lab.domain.toUpperCase(), TargetSid: sidOf(person) },
  ...{ ServiceName: 'krbtgt', ServiceSid: `${domainSid}-502`, TicketOptions: '0x40810010', Status: '0x0' },
  ...{
    TicketEncryptionType: '0x12',
    PreAuthType: '2',
    IpAddress: `::ffff:10.20.${dice.between(1, 9)}.${dice.between(2, 250)}`,
  },
  IpPort: String(dice.between(49_152, 65_535)),
});

const sidOf = (person: LabPerson) => `${domainSid}-${ridOf(person)}`;

const toLine = ({ id, at, data, isFailure = false, computer = 'dc1.meridianfreight.example' }: LabEvent): string =>
  `${JSON.stringify({
    System: {
      Provider: { Name: 'Microsoft-Windows-Security-Auditing', Guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}' },
      ...{
        EventID: String(id),
        Version: '0',
        Level: '0',
        Keywords: isFailure ? '0x8010000000000000' : '0x8020000000000000',
      },
      ...{ TimeCreated: { SystemTime: at.toISOString() }, EventRecordID: String(recordIdOf(at)) },
      ...{ Channel: 'Security', Computer: computer },
    },
    EventData: data,
  })}\n`;

/** Rises with time, also over a restart. */
const recordIdOf = (at: Date) => {
  last = Math.max(last + 1, at.getTime());
  return last;
};
let last = 0;
