import type { Nearby } from '@gatehouse/connector-kit/fake';
import type { EventLogs, Files, Registry } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { build } from '../descriptor/test/build.ts';
import { authorityKey } from '../registry/authority.ts';
import { controllerKeys } from '../registry/controller.ts';
import { windowsLogs } from '../security-events/test/logs.ts';
import { utf16 } from '../sysvol/testing/write-policy.ts';
import { madeUpFiles, madeUpRegistry, tree } from './made-up.ts';
import { controllers, enrolmentServer, policies, sid } from './whole-domain.ts';

/** A password of a preference, as anybody can decrypt it (MS-GPPREF 2.2.1.1.4). */
export const storedPassword = 'j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw';

const files = madeUpFiles(
  Object.fromEntries(
    policies.flatMap(([policy]) => [
      [
        `Policies/${policy}/MACHINE/Microsoft/Windows NT/SecEdit/GptTmpl.inf`,
        utf16('[Privilege Rights]\nSeDebugPrivilege = *S-1-5-32-544'),
      ],
      [
        `Policies/${policy}/User/Preferences/Drives/Drives.xml`,
        `<Drives><Drive changed="2013-07-04 00:00:00"><Properties userName="map" cpassword="${storedPassword}"/></Drive></Drives>`,
      ],
    ]),
  ),
);

const registry = madeUpRegistry({
  [enrolmentServer]: {
    [authorityKey]: tree({
      '': { Active: 'CORP-CA' },
      'CORP-CA': { Security: build([{ mask: 0x1, to: sid(1_101) }]), InterfaceFlags: 0x641 },
      'CORP-CA\\PolicyModules': { Active: 'Default.Policy' },
      'CORP-CA\\PolicyModules\\Default.Policy': { EditFlags: 0x15_014e },
    }),
  },
  ...Object.fromEntries(
    controllers.map((name) => [
      `${name}.corp.example`,
      Object.fromEntries(controllerKeys.map(({ key }) => [key, tree({ '': {} })])),
    ]),
  ),
});

const eventLogs = (): EventLogs => {
  const an = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const logOf = (computer: string) =>
    [1, 2, 3].map((recordId) => ({
      ...{ recordId, eventId: 4740, at: an(60 - recordId), computer },
      data: { TargetUserName: 'person1101', TargetSid: sid(1_101), SubjectUserSid: 'S-1-5-18' },
    }));
  const written = [...controllers.map((name) => `${name}.corp.example`), enrolmentServer];
  return { arriving: [], windows: windowsLogs(Object.fromEntries(written.map((one) => [one, logOf(one)]))).windows };
};

/** SYSVOL, the registries and the Security logs of the whole domain; those of `forbidden` streams may not be read. */
export const wholeNearby = (forbidden: ReadonlySet<string>): Nearby => {
  const guard = (stream: string) => {
    if (forbidden.has(stream)) throw new Fault('forbidden', 'Access is denied.', `made up: ${stream}`);
  };
  const logs = eventLogs();
  return {
    files: {
      async list(folder) {
        guard('policy-settings');
        return files.list(folder);
      },
      async read(file, most) {
        guard('policy-settings');
        return files.read(file, most);
      },
    } satisfies Files,
    registry: {
      async read(machine, key) {
        guard('registry');
        return registry.read(machine, key);
      },
    } satisfies Registry,
    eventLogs: {
      arriving: [],
      windows: {
        async *read(query) {
          guard('security-events');
          yield* logs.windows?.read(query) ?? [];
        },
      },
    },
  };
};
