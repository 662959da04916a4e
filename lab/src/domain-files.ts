import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabOrganisation } from './organisation.ts';

/** Writes what the domain controllers share as SYSVOL, and answers with the folder. */
export const writeSysvol = (lab: LabOrganisation, folder: string): string => {
  const root = join(folder, 'sysvol', lab.domain);
  for (const [policy, files] of Object.entries(policies)) {
    mkdirSync(join(root, 'Policies', `{${policy}}`), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      const file = join(root, 'Policies', `{${policy}}`, path);
      mkdirSync(dirname(file), { recursive: true });
      // Windows writes templates in UTF-16 with a mark at the beginning.
      writeFileSync(file, path.endsWith('.inf') ? Buffer.from(`\ufeff${text}`, 'utf16le') : text);
    }
  }
  return root;
};

const template = 'Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf';
const lines = (...all: readonly string[]) => `${all.join('\r\n')}\r\n`;
const head = ['[Unicode]', 'Unicode=yes', '[Version]', 'signature="$CHICAGO$"', 'Revision=1'] as const;

/** What each group policy sets, by its GUID and the path of the file below its folder. */
const policies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '31B2F340-016D-11D2-945F-00C04FB984F9': {
    [template]: lines(
      ...head,
      ...['[System Access]', 'MinimumPasswordAge = 1', 'MaximumPasswordAge = 365', 'MinimumPasswordLength = 8'],
      ...['PasswordComplexity = 1', 'PasswordHistorySize = 24', 'LockoutBadCount = 0', 'ClearTextPassword = 0'],
    ),
  },
  '6AC1786C-016F-11D2-945F-00C04FB984F9': {
    [template]: lines(
      ...head,
      ...['[Privilege Rights]', 'SeDebugPrivilege = *S-1-5-32-544', 'SeBackupPrivilege = *S-1-5-32-544,*S-1-5-32-551'],
      ...['SeMachineAccountPrivilege = *S-1-5-11', '[Registry Values]'],
      'MACHINE\\System\\CurrentControlSet\\Services\\NTDS\\Parameters\\LDAPServerIntegrity=4,1',
    ),
  },
  '5D1F00A2-8C1B-4A57-9D2E-0F6B0C5E1B11': {
    // From the time before LAPS. The password is the example of MS-GPPREF, which everybody can read.
    'Machine/Preferences/Groups/Groups.xml':
      '<?xml version="1.0" encoding="utf-8"?>\r\n<Groups clsid="{3125E937-EB16-4b4c-9934-544FC6D24D26}"><User clsid="{DF5F1855-51E5-4d24-8B1A-D9BDE98BA1D1}" name="agentadmin" changed="2014-02-11 09:24:17" uid="{A5B0D5C5-7B0E-4C56-8A55-2D1D9E4E0A11}"><Properties action="U" cpassword="j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw" userName="agentadmin" acctDisabled="0"/></User></Groups>\r\n',
  },
  '9A7B1B52-0C55-4C4E-8F0B-77F3C2F5D0A1': {},
};
