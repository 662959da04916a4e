import type { Json } from '@gatehouse/kernel';
import { Fault } from '@gatehouse/kernel';
import { isObject, type JsonObject, textOfJson } from './json-shape.ts';
import { ntStatusOf } from './status.ts';
import { type Parts, said, toWindowsEvent, unreadable, type WindowsEvent } from './windows-event.ts';

/** Whether it is a line of Samba's JSON audit: `{ "timestamp": …, "type": "Authentication", "Authentication": {…} }`. */
export const isSamba = (value: JsonObject): boolean =>
  typeof value.type === 'string' && typeof value.timestamp === 'string' && isObject(value[value.type]);

/**
 * The events of a line of Samba's audit (auth_json_audit, dsdb_json_audit, dsdb_password_json_audit,
 * dsdb_group_json_audit), as the events that Windows would write; one for each value that a change added or removed, as
 * Windows does. What Samba does not tell is named in `lacks`. Types for which Windows has no event have the id 0 and keep
 * their words. A line does not say which controller wrote it, so `computer` does.
 * @throws Fault `unexpected`; `misconfigured` where `computer` is null
 */
export const eventsOfSamba = (line: JsonObject, computer: string | null): readonly WindowsEvent[] => {
  if (computer === null)
    throw new Fault(
      'misconfigured',
      'Set the name of the domain controller whose audit log this is; Samba does not write it into the log.',
    );
  const type = String(line.type);
  const held = line[type];
  if (!isObject(held)) throw unreadable(`Samba’s ${type} has no content`);
  const found = toParts(type, held);
  const original = { Samba: line as { readonly [name: string]: Json } }; // it came out of JSON.parse
  return found.map(({ eventId, data, lacks }) =>
    toWindowsEvent({
      provider: 'Samba',
      eventId: String(eventId),
      keywords: failed(held) ? 'Audit Failure' : 'Audit Success',
      time: textOfJson(line.timestamp),
      recordId: null,
      channel: `Samba ${type}`,
      computer,
      data: new Map(Object.entries(data).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
      lacks: ['EventRecordID', ...lacks],
      original,
    } satisfies Parts),
  );
};

interface Found {
  readonly eventId: number;
  readonly data: { readonly [name: string]: string | null };
  readonly lacks: readonly string[];
}

const toParts = (type: string, held: JsonObject): readonly Found[] => {
  const text = (name: string) => said(textOfJson(held[name]));
  const eventId = typeof held.eventId === 'number' ? held.eventId : 0;
  const address = addressOf(text('remoteAddress'));
  const subject = { SubjectUserSid: text('userSid'), ...address };
  const status = ntStatusOf(text('status') ?? '') ?? statusText(held);
  switch (type) {
    case 'Authentication':
      return [
        {
          eventId,
          data: {
            TargetUserSid: text('becameSid'),
            TargetUserName: text('becameAccount') ?? text('mappedAccount') ?? text('clientAccount'),
            TargetDomainName: text('becameDomain') ?? text('mappedDomain') ?? text('clientDomain'),
            TargetLogonId: hexOf(text('logonId')),
            LogonType: text('logonType'),
            Status: status,
            AuthenticationPackageName: text('passwordType'),
            LogonProcessName: text('serviceDescription'),
            WorkstationName: text('workstation'),
            ...address,
          },
          lacks: [
            'SubjectUserSid',
            'SubjectUserName',
            'SubStatus',
            'LogonGuid',
            'ProcessName',
            'TicketEncryptionType',
            'PreAuthType',
          ],
        },
      ];
    case 'Authorization':
      return [
        {
          eventId,
          data: {
            TargetUserSid: text('sid'),
            TargetUserName: text('account'),
            TargetDomainName: text('domain'),
            AuthenticationPackageName: text('authType'),
            LogonProcessName: text('serviceDescription'),
            ...address,
          },
          lacks: ['EventID', 'LogonType'],
        },
      ];
    case 'passwordChange':
      return [
        {
          eventId,
          data: { TargetDn: text('dn'), ...subject, Status: status },
          lacks: ['TargetSid', 'TargetUserName', 'SubjectUserName'],
        },
      ];
    case 'groupChange':
      return [
        {
          eventId,
          data: { MemberName: text('user'), GroupDn: text('group'), ...subject, Status: status },
          lacks: ['TargetSid', 'TargetUserName', 'MemberSid', 'SubjectUserName'],
        },
      ];
    case 'dsdbChange':
      return changesOf(held, {
        ObjectDN: text('dn'),
        OpCorrelationID: text('transactionId'),
        ...subject,
        Status: status,
      });
    default:
      return [{ eventId, data: {}, lacks: ['EventID'] }];
  }
};

const failed = (held: JsonObject): boolean => {
  const status = said(textOfJson(held.status));
  return status !== null && status !== 'Success' && status !== 'NT_STATUS_OK';
};

/** LDB's own words where there is no NTSTATUS. */
const statusText = (held: JsonObject): string | null => (failed(held) ? textOfJson(held.status) : '0x0');

/** `ipv4:10.0.0.1:51234`, `ipv6:fe80::1:51234`, `unix:`. */
const addressOf = (address: string | null): { readonly IpAddress: string | null; readonly IpPort: string | null } => {
  const match = /^ipv[46]:(.+):(\d{1,5})$/.exec(address ?? '');
  return { IpAddress: match?.[1] ?? null, IpPort: match?.[2] ?? null };
};

const hexOf = (logonId: string | null): string | null =>
  logonId !== null && /^[\da-f]{1,16}$/i.test(logonId) ? `0x${logonId.replace(/^0+(?=.)/, '').toLowerCase()}` : logonId;

const lacksOfChange = ['ObjectGUID', 'ObjectClass', 'SubjectUserName', 'SubjectDomainName'];
const operations: Readonly<Record<string, number>> = { Add: 5137, Modify: 5136, Delete: 5141 };
/** The words of 5136's OperationType: value added, value deleted. */
const valueAdded = '%%14674';
const valueDeleted = '%%14675';
/** Values of one change; Samba cuts long ones itself. What is more stays in `raw`. */
const mostValues = 1_000;

const changesOf = (held: JsonObject, common: Found['data']): readonly Found[] => {
  const operation = textOfJson(held.operation) ?? '';
  const eventId = operations[operation] ?? 0;
  const attributes = isObject(held.attributes) ? Object.entries(held.attributes) : [];
  if (eventId !== 5136 || attributes.length === 0) return [{ eventId, data: common, lacks: lacksOfChange }];
  return attributes
    .flatMap(([name, of]) => actionsOf(of).map((change) => ({ AttributeLDAPDisplayName: name, ...change })))
    .slice(0, mostValues)
    .map((change) => ({ eventId, data: { ...common, ...change }, lacks: lacksOfChange }));
};

interface Change {
  readonly AttributeValue: string | null;
  readonly OperationType: string;
}

const actionsOf = (attribute: unknown): readonly Change[] => {
  const actions = isObject(attribute) && Array.isArray(attribute.actions) ? attribute.actions.filter(isObject) : [];
  return actions.flatMap((action) => {
    const OperationType = action.action === 'delete' ? valueDeleted : valueAdded;
    const values = Array.isArray(action.values) ? action.values.filter(isObject) : [];
    return values.length === 0
      ? [{ AttributeValue: null, OperationType }]
      : values.map((value) => ({ AttributeValue: textOfJson(value.value), OperationType }));
  });
};
