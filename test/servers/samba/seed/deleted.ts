import { addEntry, deleteEntry } from './ldif.ts';
import { dnsDomain, sidOf, uac, units } from './names.ts';

/** Account names of what was made and deleted again. */
export const deleted = {
  people: ['left.first', 'left.second', 'left.third', 'left.fourth'],
  computer: 'GONE1$',
  group: 'Dissolved Project',
} as const;

export const deletedEntries = (): string =>
  [
    ...deleted.people.map((name, index) =>
      [
        addEntry(`CN=${name},${units.people}`, {
          objectClass: 'user',
          objectSid: sidOf(13_000 + index),
          sAMAccountName: name,
          userPrincipalName: `${name}@${dnsDomain}`,
          userAccountControl: uac.normal,
        }),
        deleteEntry(`CN=${name},${units.people}`),
      ].join(''),
    ),
    addEntry(`CN=GONE1,${units.workstations}`, {
      objectClass: 'computer',
      objectSid: sidOf(13_100),
      sAMAccountName: deleted.computer,
      userAccountControl: uac.workstation,
    }),
    deleteEntry(`CN=GONE1,${units.workstations}`),
    addEntry(`CN=${deleted.group},${units.groups}`, {
      objectClass: 'group',
      objectSid: sidOf(13_200),
      sAMAccountName: deleted.group,
    }),
    deleteEntry(`CN=${deleted.group},${units.groups}`),
  ].join('');
